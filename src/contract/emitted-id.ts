import { InvalidEventError } from "../errors.ts";
import { showValue } from "./show-value.ts";
import { uuidv5 } from "./uuidv5.ts";

/** UUIDv5 of `urn:omnibus:emitted` in the URL namespace. Fixed for ever: emitted identities stand on it. */
export const emittedNamespace = "874378ac-3455-5724-a65b-ac3b0d30d163";

/**
 * The id of an event that a handler emits: made of who emits it and why, so that a handler that runs twice emits
 * the same identity. UUIDv5 over consumer, the cause's source and id, the replay's id (empty when there is none)
 * and the emit's key, each ended by a line feed, in UTF-8.
 *
 * A part that holds a line feed, or half of a surrogate pair, could make two different emits one: it throws
 * `InvalidEventError` (`emitted-id`). So there is nothing to escape, in any language.
 */
export function emittedId({
  consumer,
  source,
  id,
  replayId = "",
  key,
}: {
  readonly consumer: string;
  /** Of the event whose handler emits. */
  readonly source: string;
  readonly id: string;
  readonly replayId?: string | undefined;
  /** Tells apart what one run emits: the user's key, or the emit's ordinal. */
  readonly key: string;
}): string {
  let name = "";
  for (const [part, value] of Object.entries({ consumer, source, id, replayId, key })) {
    if (value.includes("\n") || !value.isWellFormed()) {
      throw new InvalidEventError(
        "emitted-id",
        `${part} ${showValue(value)} must not hold a line feed or half of a surrogate pair: the emitted event's id is made of it`,
      );
    }
    name += `${value}\n`;
  }
  return uuidv5(emittedNamespace, name);
}
