import type { Duration } from "aws-cdk-lib/core";
import { outboxPrefixPattern } from "../../src/names.ts";
import type { Guard } from "./guard.ts";

/** One outbox with every default filled in. */
export interface OutboxFacts {
  readonly bus: string;
  /** Which other outbox the bus has, and where it stands. */
  readonly twin: string | undefined;
  /** Whether the table is the user's, and holds other things as well. */
  readonly isShared: boolean;
  readonly hasStream: boolean;
  /** What the stream tells of a change, as far as the table was made here. */
  readonly streamView: string | undefined;
  readonly prefix: string;
  readonly grace: Duration;
}

const leastGraceMs = 10_000;
const mostGraceMs = 3_600_000;
const views = ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"];

const streams = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html";

/** What an outbox cannot be. */
export const outboxGuards: readonly Guard<OutboxFacts>[] = [
  {
    id: "outbox-taken",
    reason: "both would have the same relay",
    fix: "let all writers of a bus share one outbox; it may be a table that they have already",
    link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html",
    final: true,
    check: ({ twin, bus }) => (twin === undefined ? undefined : `bus ${bus} has an ${twin}`),
  },
  {
    id: "outbox-stream",
    reason: "the relay learns of a row by the table's stream, and reads the row in it",
    fix: "give the table `stream: StreamViewType.NEW_IMAGE`, or NEW_AND_OLD_IMAGES",
    link: streams,
    final: true,
    check: ({ hasStream, streamView }) => {
      if (!hasStream) return "the table has no stream; one with new images is needed";
      if (streamView === undefined || views.includes(streamView)) return undefined;
      return `the table's stream has ${streamView}; ${views.join(" and ")} are allowed`;
    },
  },
  {
    id: "outbox-prefix",
    reason:
      "the relay's filter and its rights go by how partition keys begin: they must be the outbox's alone",
    fix: 'give a prefix that no other item of the table begins with, as in prefix: "outbox#"',
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
    final: true,
    check: ({ isShared, prefix }) => {
      if (isShared && prefix === "")
        return "the table has no prefix for the outbox; one is needed where other items lie beside it";
      if (!isShared && prefix !== "")
        return `prefix ${JSON.stringify(prefix)}; none is allowed in a table of the outbox's own`;
      return outboxPrefixPattern.test(prefix)
        ? undefined
        : `prefix ${JSON.stringify(prefix)}; ${outboxPrefixPattern} is allowed`;
    },
  },
  {
    id: "outbox-grace",
    reason:
      "a sweeper that is quicker than the stream sends everything twice, and a slow one leaves what was missed lying",
    fix: "choose 10 seconds to 1 hour; a minute is long for a stream",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html",
    final: true,
    check: ({ grace }) => {
      const ms = grace.toMilliseconds();
      if (ms >= leastGraceMs && ms <= mostGraceMs) return undefined;
      return `grace ${grace.toHumanString()}; 10 seconds to 1 hour are allowed`;
    },
  },
];
