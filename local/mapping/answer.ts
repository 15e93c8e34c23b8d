import type { InvokeResult, QueueMessage } from "./ports.ts";

/** What becomes of a batch: these are deleted, those come back when their visibility timeout is over. */
export interface BatchOutcome {
  readonly done: readonly QueueMessage[];
  readonly failed: readonly QueueMessage[];
  /** Why a batch failed as a whole, in one sentence. */
  readonly reason?: string;
}

/**
 * Reads a function's answer as Lambda does. (services-sqs-errorhandling)
 *
 * Without `reportBatchItemFailures` nothing but success counts: the answer is not read. With it, the named messages
 * fail and *all others are deleted*. The traps, kept on purpose: no answer at all, `null`, `{}` and an empty list mean
 * success; one item without an `itemIdentifier`, or with one that is not of this batch, fails the whole batch. Nor does
 * Lambda help an ordered queue: messages of a group that come after a failed one are deleted unless they are named too.
 */
export function readAnswer(
  result: InvokeResult,
  messages: readonly QueueMessage[],
  reportBatchItemFailures: boolean,
): BatchOutcome {
  const all = (reason: string): BatchOutcome => ({ done: [], failed: messages, reason });
  const none: BatchOutcome = { done: messages, failed: [] };
  if (result.status === "throttled") return all("the function was throttled");
  if (result.status === "error") return all(`the function failed (${result.kind})`);
  if (!reportBatchItemFailures) return none;

  const answer = parse(result.payload);
  if (answer === unreadable) return all("the answer is not JSON");
  if (answer === null || answer === undefined) return none;
  if (typeof answer !== "object" || Array.isArray(answer)) return all("the answer is not an object");
  const items = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (items === undefined || items === null) return none;
  if (!Array.isArray(items)) return all("batchItemFailures is not a list");

  const byId = new Map(messages.map((message) => [message.messageId, message]));
  const failed = new Set<QueueMessage>();
  for (const item of items) {
    const id: unknown = (item as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof id !== "string" || id === "") return all("an item has no itemIdentifier");
    const message = byId.get(id);
    if (!message) return all(`itemIdentifier ${JSON.stringify(id.slice(0, 100))} is not in this batch`);
    failed.add(message);
  }
  return { done: messages.filter((message) => !failed.has(message)), failed: [...failed] };
}

const unreadable = Symbol("unreadable");

function parse(payload: string): unknown {
  if (payload === "") return null;
  try {
    return JSON.parse(payload);
  } catch {
    return unreadable;
  }
}
