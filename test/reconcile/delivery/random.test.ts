import { describe, expect, it } from "@jest/globals";
import type { LedgerItem } from "../../../src/ledger/index.ts";
import type { DeliveryParts } from "../../../src/reconcile/delivery/delivery-parts.ts";
import { type Done, randomDays } from "./random-days.ts";

/** The first one alone does all that there is to do, and catches each of the bugs below. */
const seeds = [4, 2];

describe("deliveryReconciler over days of chance", () => {
  it("finds all that is lost, and nothing that is not", async () => {
    const did: Partial<Done> = {};
    for (const seed of seeds) {
      const { wrong, done } = await randomDays(seed);
      expect({ seed, wrong }).toEqual({ seed, wrong: [] });
      for (const [name, count] of Object.entries(done)) {
        did[name as keyof Done] = (did[name as keyof Done] ?? 0) + count;
      }
    }

    // Otherwise it has proved nothing about it.
    for (const count of Object.values(did)) expect(count).toBeGreaterThan(0);
  });

  const bugs: readonly [string, (parts: DeliveryParts) => Partial<DeliveryParts>][] = [
    [
      "believes every queue to be empty",
      ({ sight }) => ({ sight: { ...sight, messages: async () => ({ visible: 0, hidden: 0 }) } }),
    ],
    [
      "goes by the last filters, whenever an event was published",
      ({ known }) => ({
        known: {
          ...known,
          save: ({ versions, ...one }, revision) =>
            known.save(
              { ...one, versions: versions.slice(-1).map((last) => ({ ...last, changedMs: 1, afterMs: 0 })) },
              revision,
            ),
          list: async () =>
            (await known.list()).map(({ known: one, revision }) => ({ revision, known: one })),
        },
      }),
    ],
    [
      "takes a claim for an end",
      ({ ledger }) => ({
        ledger: {
          read: async (keys) =>
            (await ledger.read(keys)).map((item): LedgerItem | undefined =>
              item?.state === "claimed" ? { ...item, state: "done" } : item,
            ),
        },
      }),
    ],
    [
      "does not see what turns up late",
      ({ store }) => ({
        store: {
          ...store,
          begin: async (...args) => {
            const begun = await store.begin(...args);
            if (begun.status === "held" || !begun.progress) return begun;
            return { ...begun, progress: { ...begun.progress, turnedUpTo: undefined } };
          },
        },
      }),
    ],
  ];

  it.each(bugs)("catches one that %s", async (_, broken) => {
    for (const seed of seeds) {
      const { wrong } = await randomDays(seed, { broken });
      if (wrong.length > 0) return;
    }
    throw new Error("no world of chance has caught it");
  });
});
