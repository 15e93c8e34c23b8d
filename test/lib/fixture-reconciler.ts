import { indexedEntries, reconciler } from "../../src/reconcile/index.ts";

const spanMs = 3_600_000;

export const handler = reconciler({
  left: indexedEntries({ name: "left", entries: [], spanMs }),
  right: indexedEntries({ name: "right", entries: [], spanMs }),
});
