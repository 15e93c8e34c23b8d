import { describe, expect, it } from "@jest/globals";
import type { Entry, LedgerSource } from "../../../src/reconcile/index.ts";
import { repairWorld } from "./repair-world.ts";

const missing = ["transfer-7", "transfer-20"];
const everything = {
  classes: ["missing-left", "missing-right", "mismatch", "duplicate", "late"],
  atMost: { differences: 1_000 },
} as const;

/** What a source may do wrong, made of one that does nothing wrong, and how it is named. */
const wrongs: readonly [string, (good: LedgerSource) => Partial<LedgerSource>, string][] = [
  ["throws", () => ({ digest: () => Promise.reject(new Error("refused")) }), "refused"],
  ["throws at its home", () => ({ lookup: () => Promise.reject(new Error("refused")) }), "refused"],
  [
    "answers out of order",
    (good) => ({ digest: async (windows) => (await good.digest(windows)).toReversed() }),
    "are its digests in the order asked?",
  ],
  [
    "changes while it is read",
    () => ({ entries: async () => ({ entries: [] }) }),
    "it changes while it is read",
  ],
  [
    "has a broken clock",
    (good) => ({
      lookup: async (keys) =>
        (await good.lookup(keys)).map((_, index) => [
          { ...none, key: keys[index] ?? "", timeMs: Number.NaN },
        ]),
    }),
    "has the time NaN",
  ],
  [
    "answers the same key twice for another one",
    (good) => ({ lookup: async (keys) => (await good.lookup(keys)).map(() => [none, none]) }),
    "was asked for",
  ],
];
const none: Entry = { key: "none", timeMs: 0, fields: {} };

describe("repairByItself beside a source that cannot be believed", () => {
  it.each(wrongs)("%s: names it, and repairs nothing that is not truly missing", async (_, breakIt, told) => {
    const { auto, calls, heal, later, run, store, job } = await repairWorld({
      wrong: missing,
      broken: breakIt,
    });
    const { unknown } = await run();

    await auto(everything);

    expect(JSON.stringify(unknown)).toContain(told);
    expect(calls.filter(({ key }) => !missing.includes(key))).toEqual([]);
    heal();
    await later();
    await auto(everything);
    expect(await later()).toMatchObject({ verdict: "agree" });
    expect([...new Set(calls.map(({ key }) => key))].sort()).toEqual([...missing].sort());
    expect((await store.list(job.name)).open).toEqual([]);
  });
});
