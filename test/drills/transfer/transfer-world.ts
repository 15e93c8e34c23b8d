import { bookCredit } from "../../../drills/transfer/book-credit.ts";
import { compareBooks } from "../../../drills/transfer/books.ts";
import { transferDebited } from "../../../drills/transfer/contracts.ts";
import { type Credit, type CreditBook, openCreditBook } from "../../../drills/transfer/credit-book.ts";
import type { Debit } from "../../../drills/transfer/debit-book.ts";
import { type Fault, faultsOfKind, planFaults } from "../../../drills/transfer/faults.ts";
import { misbehavingBook } from "../../../drills/transfer/misbehaving-book.ts";
import { lookAtMoney } from "../../../drills/transfer/money.ts";
import { amountOf, repairIn } from "../../../drills/transfer/repair.ts";
import { bankB } from "../../../drills/transfer/sides.ts";
import { hourMs, lateAfterMs, spanMs } from "../../../drills/transfer/times.ts";
import { readTransfers } from "../../../drills/transfer/transfers.ts";
import { createTestBus, virtualClock } from "../../../local/testing/index.ts";
import { consume } from "../../../src/consume/index.ts";
import type { ReconcilerSettings } from "../../../src/env.ts";
import {
  type DifferenceClass,
  indexedEntries,
  inMemoryParts,
  inMemoryReconcileStore,
  inMemoryRepairs,
  type ReconcilerAnswer,
  type ReconcilerDefinition,
  reconciler,
} from "../../../src/reconcile/index.ts";
import { inMemoryObjects } from "../../../src/segments/index.ts";

/** Faults that a run injects, by the key of what differs. */
export const faultsByKey = (transfers: number): ReadonlyMap<string, Fault> =>
  new Map([...planFaults(transfers).values()].map((fault) => [fault.key, fault]));

/** Plays the drill's banks in memory, over a test bus: both books at the end, and what was found at each look on the way. */
export async function playBanks(transfers: number) {
  const clock = virtualClock({ startMs: Date.UTC(2026, 5, 1, 9) });
  const beginMs = Math.floor((clock.nowMs() - hourMs) / spanMs - 1) * spanMs;
  const faults = planFaults(transfers);
  const book = openCreditBook(":memory:");
  const bus = createTestBus({
    name: "interbank",
    clock,
    consumers: {
      Credit: consume(transferDebited, bookCredit(misbehavingBook(book, faults), { clock })),
    },
  });
  const debits: Debit[] = [];
  const looks: ReturnType<typeof lookAtMoney>[] = [];
  let debitedCents = 0;
  for await (const transfer of readTransfers(transfers)) {
    const kind = faults.get(transfer.number)?.kind;
    const debit = { ...transfer, atMs: clock.nowMs() - (kind === "late-by-an-hour" ? hourMs : 0) };
    debits.push(debit);
    debitedCents += debit.cents;
    if (kind !== "debit-without-event") {
      await bus.publish(transferDebited, debit, { id: debit.transfer });
    }
    if (debits.length % 20 > 0) continue;
    looks.push(lookAtMoney(book.standing(), debitedCents, faultsByKey(transfers)));
    await bus.idle();
  }
  await bus.idle();
  return { debits, credits: book.standing(), looks, clock, beginMs };
}

type Played = Pick<Awaited<ReturnType<typeof playBanks>>, "debits" | "credits" | "beginMs"> & {
  readonly nowMs: number;
};

/** A deployed reconciliation of these books, with everything in memory; each call of `environment` is another process. */
export function reconciledBanks({ debits, credits, beginMs, nowMs }: Played, transfers: number) {
  const clock = virtualClock({ startMs: nowMs + hourMs });
  const book: CreditBook = openCreditBook(":memory:");
  for (const [nth, credit] of credits.entries()) book.credit(credit, `before ${nth}`);
  const settings: ReconcilerSettings = {
    ...{ v: 1, does: "reconcile", bus: "interbank", account: "000000000000", region: "us-east-1" },
    ...{ job: "Transfers", everyMs: hourMs, settleMs: 60_000, spanMs, beginMs, lateAfterMs, callMs: 2_000 },
    auto: { classes: ["missing-right"], atMost: { differences: 3 * faultsOfKind(transfers) } },
  };
  const parts = inMemoryParts();
  const options = {
    ...{ settings, clock, parts, objects: inMemoryObjects(), sink: () => {} },
    store: inMemoryReconcileStore({ clock }),
    repairs: inMemoryRepairs(),
  };
  const left = indexedEntries({
    name: "bank-a",
    entries: debits.map(({ transfer, atMs, cents, customer }) => ({
      key: transfer,
      timeMs: atMs,
      fields: { cents, customer },
    })),
    spanMs,
  });
  const repair = repairIn(book);
  const environment = (more: Partial<ReconcilerDefinition> = {}, others: Partial<typeof options> = {}) =>
    reconciler(
      { left, right: bankB(book, { spanMs }), repair, amountOf, ...more },
      { ...options, ...others },
    );
  const open: Record<string, DifferenceClass[]> = {};
  /** Notes all that is open now. */
  const watch = async () => {
    let cursor: string | undefined;
    do {
      const page = await options.store.list("Transfers", cursor);
      for (const { difference } of page.open) {
        open[difference.key] = [...new Set([...(open[difference.key] ?? []), difference.class])];
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  };
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const invoke = (event: unknown, as = environment()): Promise<ReconcilerAnswer> => as(event, context);
  const ask = async (what: object, as?: ReturnType<typeof environment>) => {
    const answer = await clock.until(invoke({ omnibus: { v: 1, by: "anna", ...what } }, as));
    await watch();
    return answer;
  };
  return {
    ...{ clock, book, options, parts, environment, invoke, ask, watch, open, repair },
    books: () => compareBooks(creditsOf(debits), book.standing()),
    /** A run; the parts that it hands out; and what is left by plan and approval, until all is done. */
    async mendAll() {
      for (let round = 0; round < 4; round++) {
        await ask({ do: "run" });
        for (const message of parts.waiting.splice(0)) {
          await clock.until(invoke({ Records: [{ messageId: "m", body: JSON.stringify(message) }] }));
          await watch();
        }
        const planned = await ask({ do: "plan" });
        if ("did" in planned && planned.did === "plan" && planned.items > 0) {
          await ask({ do: "apply", plan: planned.plan });
        }
        await clock.advance(2 * 60_000);
      }
      await ask({ do: "run" });
    },
    async repaired(): Promise<readonly string[]> {
      const { entries } = await options.repairs.audit("Transfers", { limit: 10_000 });
      return entries.flatMap((entry) =>
        entry.what === "repair" && entry.outcome === "repaired" ? [entry.key] : [],
      );
    },
  };
}

const creditsOf = (debits: readonly Debit[]): readonly Credit[] =>
  debits.map(({ transfer, customer, cents, atMs }) => ({ transfer, customer, cents, atMs }));
