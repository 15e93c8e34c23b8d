import { decodeMessage } from "../../src/contract/index.ts";
import { describeError } from "../../src/errors.ts";
import { type LedgerReader, ledgerKey } from "../../src/ledger/index.ts";
import { readNote } from "../dead-letter-reason.ts";
import type { DeadLetter } from "./dead-letter.ts";

/** Dead letters, with what the ledger knew of them. */
export interface ToldAttempts {
  readonly letters: readonly DeadLetter[];
  /** Why the ledger could not be asked, as with no right to read its table. */
  readonly problem?: string;
}

/**
 * Adds the started runs to those letters that carry no note of them, as what SQS itself has moved: the ledger counts runs
 * before they begin, so that a function that died without a word is counted, too. One read for 100 letters; none where
 * every letter tells its own. What the ledger does not know (mode `none`, packed messages) stays as it is. Never throws.
 */
export async function tellAttempts(
  letters: readonly DeadLetter[],
  { consumer, ledger }: { readonly consumer: string; readonly ledger: LedgerReader },
): Promise<ToldAttempts> {
  const keys = letters.map((letter) => keyOf(letter, consumer));
  const asked = keys.filter((key) => key !== undefined);
  if (asked.length === 0) return { letters };
  try {
    const items = await ledger.read(asked);
    const attempts = new Map(asked.map((key, index) => [key, items[index]?.attempts]));
    return {
      letters: letters.map((letter, index) => {
        const key = keys[index];
        return key === undefined ? letter : { ...letter, attempts: attempts.get(key) };
      }),
    };
  } catch (thrown) {
    return { letters, problem: describeError(thrown).message };
  }
}

/** The key of its item; `undefined` where there is none, or where it is not needed. */
function keyOf({ kind, attempts, message }: DeadLetter, consumer: string): string | undefined {
  if (kind === "undelivered" || attempts !== undefined) return undefined;
  const [event, ...others] = decodeMessage(message.Body ?? "");
  if (!event?.ok || others.length > 0) return undefined;
  const { source, id } = event.envelope;
  const replayId = readNote(message)?.replayId;
  return ledgerKey({ consumer, source, id, replayId: typeof replayId === "string" ? replayId : undefined });
}
