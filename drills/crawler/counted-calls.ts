import type { DynamoCalls } from "../../src/limits/index.ts";

/** The same calls, and how many items they have written or tried to write: a refused write costs as much. */
export function countedCalls(calls: DynamoCalls): { readonly calls: DynamoCalls; writes(): number } {
  let count = 0;
  return {
    calls: {
      update: (input) => {
        count += 1;
        return calls.update(input);
      },
      transact: (items, token) => {
        count += items.length;
        return calls.transact(items, token);
      },
    },
    writes: () => count,
  };
}
