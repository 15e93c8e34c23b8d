import type { LedgerItem } from "./item.ts";
import type { RecordRequest } from "./ports.ts";

/**
 * Whether an end that had no claim may be written over an item with the same data. What is done stays. Done is written over
 * all else, since the effect is there; dead is not written over the claim of a run that is at work.
 */
export function mayRecordOver(
  { state, lease }: LedgerItem,
  { to }: RecordRequest["ending"],
  nowMs: number,
): boolean {
  if (state === "done") return false;
  return to === "done" || state !== "claimed" || lease <= nowMs;
}
