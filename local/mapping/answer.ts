import type { InvokeResult } from "./ports.ts";

/** What becomes of a batch: these are done with, those come again. */
export interface BatchOutcome<Item> {
  readonly done: readonly Item[];
  readonly failed: readonly Item[];
  /** Why a batch failed as a whole, in one sentence. */
  readonly reason?: string;
}

/**
 * Reads a function's answer as Lambda does, to a batch of messages or of a stream's records. `idOf` is what the function
 * names an item by. (services-sqs-errorhandling, services-ddb-batchfailurereporting)
 *
 * Without `reportBatchItemFailures` nothing but success counts: the answer is not read. With it, the named items fail and
 * *all others are done with*. The traps, kept on purpose: no answer at all, `null`, `{}` and an empty list mean success;
 * one item without an `itemIdentifier`, or with one that is not of this batch, fails the whole batch. Nor does Lambda help
 * an ordered queue: messages of a group that come after a failed one are deleted unless they are named too.
 */
export function readAnswer<Item>(
  result: InvokeResult,
  batch: readonly Item[],
  idOf: (item: Item) => string,
  reportBatchItemFailures: boolean,
): BatchOutcome<Item> {
  const all = (reason: string): BatchOutcome<Item> => ({ done: [], failed: batch, reason });
  const none: BatchOutcome<Item> = { done: batch, failed: [] };
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

  const byId = new Map(batch.map((item) => [idOf(item), item]));
  const failed = new Set<Item>();
  for (const item of items) {
    const id: unknown = (item as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof id !== "string" || id === "") return all("an item has no itemIdentifier");
    const named = byId.get(id);
    if (!named) return all(`itemIdentifier ${JSON.stringify(id.slice(0, 100))} is not in this batch`);
    failed.add(named);
  }
  return { done: batch.filter((one) => !failed.has(one)), failed: [...failed] };
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
