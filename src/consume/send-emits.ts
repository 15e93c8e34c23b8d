import { backoffMs } from "../backoff.ts";
import type { ClaimWriter } from "../claim-check/index.ts";
import { describeError } from "../errors.ts";
import type { SendResult } from "../publish/index.ts";
import type { BatchRun, ConsumerParts } from "./batch-run.ts";
import type { Delivery } from "./delivery.ts";
import type { Cause } from "./outcome.ts";
import type { StoredEmits } from "./stored-emits.ts";

/**
 * Step 7: publishes stored events, then forgets them. Until they are forgotten a redelivery finds them and sends
 * the same bytes again; consumers know them by their identity. When one could not be sent the delivery comes back.
 */
export async function sendEmits(delivery: Delivery, stored: StoredEmits, run: BatchRun): Promise<void> {
  const error = await run.emits.add(stored);
  if (!error) return;
  const delayMs = backoffMs(run.clock, delivery.receives, run.settings);
  delivery.outcome = { kind: "retry", reason: "emit-failed", delayMs, error };
}

/** Publishes the emits of several events in as few calls as can be; answers per event what went wrong, if anything. */
export async function writeEmits(
  group: readonly StoredEmits[],
  { publisher, ledger, claimWriter }: Pick<ConsumerParts, "publisher" | "ledger" | "claimWriter">,
): Promise<readonly (Cause | undefined)[]> {
  const aged = await Promise.all(group.map((stored) => renewClaims(stored, claimWriter)));
  const fresh = group.filter((_, index) => !aged[index]);
  const errors = await publishEmits(fresh, { publisher, ledger });
  let next = 0;
  return aged.map((error) => error ?? errors[next++]);
}

/** What is sent now may be read for as long as any message: its data must not have aged before. Answers why it could not be renewed. */
async function renewClaims(
  { messages, isOld }: StoredEmits,
  writer: ClaimWriter | undefined,
): Promise<Cause | undefined> {
  if (!isOld || !writer) return undefined;
  try {
    await Promise.all(messages.map((message) => writer.renew(message)));
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

async function publishEmits(
  group: readonly StoredEmits[],
  { publisher, ledger }: Pick<ConsumerParts, "publisher" | "ledger">,
): Promise<readonly (Cause | undefined)[]> {
  if (group.length === 0) return [];
  const sending = publisher.send(group.flatMap(({ messages }) => messages));
  let results: readonly SendResult[];
  try {
    await publisher.flush();
    results = await sending;
  } catch (error) {
    return group.map(() => describeError(error));
  }
  let at = 0;
  const errors = group.map(({ messages }) => {
    const own = results.slice(at, at + messages.length);
    at += messages.length;
    const failed = own.find((result) => !result.ok);
    return failed && !failed.ok ? { name: failed.code, message: failed.message } : undefined;
  });
  const sent = group.flatMap(({ key }, index) => (key !== undefined && !errors[index] ? [key] : []));
  // Forgetting is a courtesy: what stays behind is sent at most once more, under the same identity.
  await ledger.sent(sent).catch(() => {});
  return errors;
}
