import type { RepairOutcome } from "./repair-store.ts";

/**
 * What became of an item of a plan.
 * - a `RepairOutcome`: it was repaired, or that was tried.
 * - `would`: in a dry run, it would be.
 * - `gone`: it does not differ any more. `changed`: it differs in another way than was planned for.
 * - `young`: something about it happened less than a settle time ago. `expired`: its records may be gone.
 * - `waits`, `held`, `done`: it was repaired a moment ago; somebody is at it; this plan has repaired it.
 * - `exhausted`: repaired twice, and different still. `unknown`: a side could not be asked.
 * - `tell`: a person's.
 */
export type ItemOutcome =
  | RepairOutcome
  | "would"
  | "gone"
  | "changed"
  | "young"
  | "expired"
  | "waits"
  | "held"
  | "done"
  | "exhausted"
  | "unknown"
  | "tell";

/** One item, and what became of it. */
export interface ItemResult {
  readonly key: string;
  readonly outcome: ItemOutcome;
  /** Why. */
  readonly message?: string;
}

/** How many items came to which end. */
export function countResults(results: readonly ItemResult[]): Readonly<Partial<Record<ItemOutcome, number>>> {
  const counts: Partial<Record<ItemOutcome, number>> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
