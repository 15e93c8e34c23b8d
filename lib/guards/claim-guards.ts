import type { Duration } from "aws-cdk-lib/core";
import type { Guard } from "./guard.ts";

/** How long claims are kept, and what they must outlast. */
export interface ClaimFacts {
  /** Given by the user. */
  readonly retention: Duration | undefined;
  /** How long the archive keeps its events; `undefined`: for good. `false`: it keeps none. */
  readonly archived: Duration | undefined | false;
  /** The longest that a message may be under way. */
  readonly messageLife: Duration;
}

const dayMs = 86_400_000;

/** A retention of claims that cannot be. */
export const claimGuards: readonly Guard<ClaimFacts>[] = [
  {
    id: "claim-retention",
    reason:
      "a message may come up again as long as queues keep it or the archive can replay it, and without its data it is a dead letter",
    fix: "leave it out, or give the archive a retention and the claims that and the time in queues on top",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html",
    final: true,
    check: ({ retention, archived, messageLife }) => {
      if (retention === undefined) return undefined;
      const given = `retention of claims ${retention.toHumanString()}`;
      if (archived === undefined) return `${given}, and the archive keeps its events for good`;
      const least = (archived ? archived.toDays() : 0) + messageLife.toDays();
      const ms = retention.toMilliseconds();
      if (ms % dayMs === 0 && ms >= least * dayMs) return undefined;
      const why = archived ? ` (${archived.toHumanString()} of the archive, and queues)` : " (queues)";
      return `${given}; whole days are allowed, ${least} at least${why}`;
    },
  },
];
