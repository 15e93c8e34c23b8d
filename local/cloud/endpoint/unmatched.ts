import type { Clock } from "../../../src/clock.ts";
import type { PublishEntry } from "./publish-request.ts";

/** A message that all of its topic's subscriptions have refused, with their filter policies. */
export type Unmatched = (
  topicArn: string,
  entry: PublishEntry,
  policies: readonly Readonly<Record<string, unknown>>[],
) => void;

/** One kind of message is spoken of so often at most. */
const quietMs = 60_000;
/** Types come from outside: more kinds than these are not told apart for ever. */
const maxKinds = 1_000;

/**
 * Tells of messages that vanish because no subscription's filter wants them: what AWS does, without a word. One line a
 * minute at most for each topic and type.
 */
export function createUnmatched(say: (text: string) => void, clock: Clock): Unmatched {
  const kinds = new Map<string, { saidMs: number; since: number }>();
  return (topicArn, entry, policies) => {
    const kind = `${topicArn} ${entry.attributes.type?.StringValue ?? ""}`.slice(0, 1_000);
    const before = kinds.get(kind);
    if (before !== undefined && clock.nowMs() - before.saidMs < quietMs) {
      before.since++;
      return;
    }
    if (kinds.size >= maxKinds) kinds.clear();
    kinds.set(kind, { saidMs: clock.nowMs(), since: 0 });
    const more = before?.since ? ` (${before.since} more like it since this was last said)` : "";
    say(`${describe(topicArn, entry, policies)}${more}`);
  };
}

function describe(
  topicArn: string,
  { attributes }: PublishEntry,
  policies: readonly Readonly<Record<string, unknown>>[],
): string {
  const type = attributes.type?.StringValue?.slice(0, 128);
  const asked = [...new Set(policies.flatMap((policy) => (Array.isArray(policy.type) ? policy.type : [])))];
  const fields = [...new Set(policies.flatMap(Object.keys))];
  const what = type === undefined ? "a message" : `a message of type ${JSON.stringify(type)}`;
  const check = hint(type, asked, fields);
  return `topic ${topicArn.split(":").at(-1)}: ${what} matched no subscription (there ${policies.length === 1 ? "is 1" : `are ${policies.length}`}) and is gone, as on AWS; ${check}`;
}

function hint(type: string | undefined, asked: readonly unknown[], fields: readonly string[]): string {
  // A rule such as a prefix may stand in the place of a type: then only the fields can be named.
  const knowsTypes = asked.length > 0 && asked.every((one) => typeof one === "string");
  if (!knowsTypes || asked.some((one) => one === type)) {
    return `their filters ask for ${fields.join(", ")}: look at what the message carries, and at the filters`;
  }
  return type === undefined
    ? `it has no message attribute "type", and they ask for ${asked.join(", ")}: give it to the publish call, beside the body`
    : `they ask for the types ${asked.join(", ")}: look at its message attribute "type", and at what the consumers subscribe to`;
}
