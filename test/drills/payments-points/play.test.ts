import { describe, expect, it } from "@jest/globals";
import { paymentCaptured } from "../../../drills/payments-points/contracts.ts";
import { givePoints } from "../../../drills/payments-points/give-points.ts";
import { judge } from "../../../drills/payments-points/judge.ts";
import { settleMs, spanMs } from "../../../drills/payments-points/names.ts";
import { paidPoints } from "../../../drills/payments-points/paid-points.ts";
import { type Payment, pointsFor, statementText } from "../../../drills/payments-points/payment.ts";
import type { Points, PointsBook } from "../../../drills/payments-points/points-book.ts";
import { createTestBus, virtualClock } from "../../../local/testing/index.ts";
import { consume } from "../../../src/consume/index.ts";
import type { ReconcilerSettings } from "../../../src/env.ts";
import {
  type ByteFile,
  indexedEntries,
  inMemoryParts,
  inMemoryReconcileStore,
  inMemoryRepairs,
  type LedgerSource,
  reconciler,
} from "../../../src/reconcile/index.ts";
import { inMemoryObjects } from "../../../src/segments/index.ts";

/** The drill's small version: the same consumer with its bug, the real pipeline and reconciliation, in memory. */
describe("the drill of payments and points, in memory", () => {
  it("finds who paid and has no points, gives them by an approved plan, and changes nothing by one more run", async () => {
    const payments = 120;
    const clock = virtualClock({ startMs: Date.UTC(2026, 5, 1, 9) });
    const beginMs = clock.nowMs();
    const given = new Map<string, Points>();
    const book: PointsBook = {
      give: async (points) => {
        if (!given.has(points.payment)) given.set(points.payment, points);
      },
    };
    const bus = createTestBus({
      ...{ name: "loyalty", clock },
      consumers: { Points: consume(paymentCaptured, givePoints(book, clock)) },
    });
    const statement: Payment[] = [];
    for (let number = 0; number < payments; number++) {
      const paid = { payment: `payment-${number}`, customer: "00004", cents: 250 + number * 31 };
      statement.push({ ...paid, capturedAt: new Date(clock.nowMs()).toISOString() });
      await bus.publish(paymentCaptured, { ...paid, number });
    }
    await bus.idle();
    const file = fileOf(statementText(statement));

    await clock.advance(spanMs + settleMs);
    const settings: ReconcilerSettings = {
      ...{ v: 1, does: "reconcile", bus: "loyalty", account: "000000000000", region: "us-east-1" },
      ...{ job: "PaidPoints", everyMs: 86_400_000, settleMs, spanMs, beginMs },
    };
    const store = inMemoryReconcileStore({ clock });
    const handler = reconciler(paidPoints({ statement: file, given: pointsSource(given), book }), {
      ...{ settings, store, clock, sink: () => {} },
      ...{ repairs: inMemoryRepairs(), parts: inMemoryParts(), objects: inMemoryObjects() },
    });
    const ask = (what: object) =>
      clock.until(
        handler({ omnibus: { v: 1, by: "anna", ...what } }, { getRemainingTimeInMillis: () => 60_000 }),
      );
    const readings = async () => ({
      without: statement.map(({ payment }) => payment).filter((payment) => !given.has(payment)),
      ofNobody: [],
      pointsEarned: statement.reduce((sum, { cents }) => sum + pointsFor(cents), 0),
      pointsGiven: [...given.values()].reduce((sum, { points }) => sum + points, 0),
      open: Object.fromEntries(
        (await store.list("PaidPoints")).open.map(({ difference }) => [difference.key, difference.class]),
      ),
      deadLetters: bus.deadLetters("Points").length,
    });

    const before = await readings();
    await ask({ do: "run" });
    const found = await readings();
    const planned = await ask({ do: "plan" });
    await ask({ do: "apply", plan: "did" in planned && planned.did === "plan" ? planned.plan : "" });
    await ask({ do: "run" });
    const after = await readings();
    const last = await ask({ do: "run" });
    const lastRun = "did" in last && last.did === "run" && last.status === "ran" && last.report;

    const none = { found: 1, resolved: 1, repaired: 1 };
    expect(judge({ payments, before, found, after, lastRun: lastRun || none })).toMatchObject({
      ...{ injected: 3, found: 3, falseAlarms: 0, repaired: 3, findings: [], pass: true },
    });
  });
});

/** What was given, as it is now. */
function pointsSource(given: ReadonlyMap<string, Points>): LedgerSource {
  const now = () =>
    indexedEntries({
      name: "points",
      entries: [...given.values()].map(({ payment, customer, points, atMs }) => ({
        key: payment,
        timeMs: atMs,
        fields: { customer, points },
      })),
      spanMs,
    });
  return {
    name: "points",
    digest: (windows) => now().digest(windows),
    entries: (window, cursor) => now().entries(window, cursor),
    lookup: (keys) => now().lookup(keys),
  };
}

/** A file in memory: virtual time does not wait for a disk. */
function fileOf(text: string): ByteFile {
  const bytes = Buffer.from(text);
  return {
    version: async () => "1",
    stream: async function* () {
      yield bytes;
    },
    read: async (pieces) => pieces.map(({ offset, length }) => bytes.subarray(offset, offset + length)),
  };
}
