import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { ClaimRequest, ClaimTerms, Ledger } from "../../src/ledger/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { emitted, event } from "./ledger-events.ts";
import { ledgerRecordChecks } from "./ledger-record-checks.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

const keepMs = 60_000;
const leaseMs = 1_000;

/**
 * What every ledger must do. `make` gives an empty ledger (or one where no key of this run is used), which keeps
 * items for `keepMs` by the clock that it is handed.
 */
export function ledgerConformance(
  make: (options: { clock: VirtualClock; keepMs: number }) => Promise<Ledger> | Ledger,
): readonly ConformanceCheck[] {
  const world = async () => {
    const clock = virtualClock({ startMs: systemClock.nowMs(), seed: systemClock.nowMs() });
    const ledger = await make({ clock, keepMs });
    const terms = (owner: string): ClaimTerms => ({ owner, leaseEndsMs: clock.nowMs() + leaseMs });
    const claimOne = async (event: ClaimRequest, owner: string) =>
      (await ledger.claim([event], terms(owner)))[0];
    return { clock, ledger, terms, claimOne, leaseMs };
  };

  return [
    check("claims each new event once, in the order asked", async () => {
      const { ledger, terms } = await world();
      const events = Array.from({ length: 30 }, () => event());

      const results = await ledger.claim(events, terms("a"));

      assert.deepEqual(
        results,
        events.map(() => ({ status: "claimed", attempts: 1, takenOver: false })),
      );
    }),

    check("answers held, with the end of the lease, to a second owner", async () => {
      const { ledger, terms, claimOne } = await world();
      const one = event();
      const first = terms("a");
      await ledger.claim([one], first);

      assert.deepEqual(await claimOne(one, "b"), { status: "held", leaseEndsMs: first.leaseEndsMs });
      assert.deepEqual(await claimOne({ ...one, redelivered: true }, "b"), {
        status: "held",
        leaseEndsMs: first.leaseEndsMs,
      });
    }),

    check("recognises its own claim when the call is made again", async () => {
      const { ledger, terms } = await world();
      const one = event();
      const mine = terms("a");
      await ledger.claim([one], mine);

      const [again] = await ledger.claim([one], mine);
      const [asRedelivery] = await ledger.claim([{ ...one, redelivered: true }], mine);

      assert.deepEqual(again, { status: "claimed", attempts: 1, takenOver: false });
      assert.deepEqual(asRedelivery, { status: "claimed", attempts: 1, takenOver: false });
    }),

    check("claims an event that is marked as redelivered and was never claimed", async () => {
      const { claimOne } = await world();

      const result = await claimOne(event({ redelivered: true }), "a");

      assert.deepEqual(result, { status: "claimed", attempts: 1, takenOver: false });
    }),

    check("lets a claim be taken over only after its lease, and says so", async () => {
      const { clock, claimOne } = await world();
      const one = event();
      await claimOne(one, "a");

      await clock.advance(leaseMs - 1);
      const early = await claimOne({ ...one, redelivered: true }, "b");
      await clock.advance(1);
      const late = await claimOne({ ...one, redelivered: true }, "b");

      assert.equal(early?.status, "held");
      assert.deepEqual(late, { status: "claimed", attempts: 2, takenOver: true });
    }),

    check("takes over on a first receive too", async () => {
      const { clock, claimOne } = await world();
      const one = event();
      await claimOne(one, "a");
      await clock.advance(leaseMs);

      assert.deepEqual(await claimOne(one, "b"), { status: "claimed", attempts: 2, takenOver: true });
    }),

    check("refuses the ending of an owner who was too late, whatever it says", async () => {
      const { clock, ledger, claimOne } = await world();
      const one = event();
      await claimOne(one, "a");
      await clock.advance(leaseMs);
      await claimOne(one, "b");

      assert.deepEqual(await ledger.end([{ key: one.key, to: "done", emits: [] }], "a"), [
        { status: "lost" },
      ]);
      assert.deepEqual(await ledger.end([{ key: one.key, to: "dead", reason: "r" }], "a"), [
        { status: "lost" },
      ]);
      assert.deepEqual(await ledger.end([{ key: one.key, to: "released", started: true }], "a"), [
        { status: "lost" },
      ]);
      assert.deepEqual(await ledger.end([{ key: one.key, to: "done", emits: [] }], "b"), [
        { status: "ended" },
      ]);
      assert.deepEqual(await claimOne(one, "c"), { status: "done", emits: [] });
    }),

    check("accepts its own ending again, and no other one after it", async () => {
      const { ledger, claimOne } = await world();
      const one = event();
      await claimOne(one, "a");
      await ledger.end([{ key: one.key, to: "done", emits: [] }], "a");

      assert.deepEqual(await ledger.end([{ key: one.key, to: "done", emits: [] }], "a"), [
        { status: "ended" },
      ]);
      assert.deepEqual(await ledger.end([{ key: one.key, to: "released", started: true }], "a"), [
        { status: "lost" },
      ]);
    }),

    check("refuses to end what was never claimed", async () => {
      const { ledger } = await world();

      assert.deepEqual(await ledger.end([{ key: event().key, to: "done", emits: [] }], "a"), [
        { status: "lost" },
      ]);
    }),

    check("counts started runs, and not those that were given back unrun", async () => {
      const { ledger, claimOne } = await world();
      const one = event();
      await claimOne(one, "a");
      await ledger.end([{ key: one.key, to: "released", started: false }], "a");
      const second = await claimOne({ ...one, redelivered: true }, "b");
      await ledger.end([{ key: one.key, to: "released", started: true }], "b");
      const third = await claimOne({ ...one, redelivered: true }, "c");

      assert.deepEqual(second, { status: "claimed", attempts: 1, takenOver: false });
      assert.deepEqual(third, { status: "claimed", attempts: 2, takenOver: false });
    }),

    check("answers done to everybody after the end, for good", async () => {
      const { clock, ledger, claimOne } = await world();
      const one = event();
      await claimOne(one, "a");
      await ledger.end([{ key: one.key, to: "done", emits: [] }], "a");
      await clock.advance(leaseMs * 2);

      assert.deepEqual(await claimOne(one, "b"), { status: "done", emits: [] });
      assert.deepEqual(await claimOne({ ...one, redelivered: true }, "b"), { status: "done", emits: [] });
      assert.deepEqual(await claimOne(one, "a"), { status: "done", emits: [] });
    }),

    check("keeps emitted events byte for byte until they are sent", async () => {
      const { ledger, claimOne } = await world();
      const one = event();
      const emits = [emitted("first"), emitted("second")];
      await claimOne(one, "a");
      await ledger.end([{ key: one.key, to: "done", emits }], "a");

      assert.deepEqual(await claimOne(one, "b"), { status: "done", emits });
      await ledger.sent([one.key]);
      await ledger.sent([one.key]);
      assert.deepEqual(await claimOne(one, "b"), { status: "done", emits: [] });
    }),

    check("lets a dead event be claimed again, with all its attempts: that is redrive", async () => {
      const { ledger, claimOne } = await world();
      const one = event();
      await claimOne(one, "a");
      await ledger.end([{ key: one.key, to: "dead", reason: "permanent" }], "a");

      const claimed = { status: "claimed", attempts: 1, takenOver: false };
      assert.deepEqual(await claimOne(one, "b"), claimed);
      await ledger.end([{ key: one.key, to: "dead", reason: "permanent" }], "b");
      assert.deepEqual(await claimOne({ ...one, redelivered: true }, "c"), claimed);
      await ledger.end([{ key: one.key, to: "done", emits: [] }], "c");
      assert.deepEqual(await claimOne(one, "d"), { status: "done", emits: [] });
    }),

    check("tells other data under a used identity apart, in every state", async () => {
      const { ledger, claimOne } = await world();
      const one = event();
      const other = { ...one, hash: "another" };
      await claimOne(one, "a");
      const whileClaimed = await claimOne(other, "b");
      await ledger.end([{ key: one.key, to: "done", emits: [] }], "a");

      assert.deepEqual(whileClaimed, { status: "id-reused" });
      assert.deepEqual(await claimOne(other, "b"), { status: "id-reused" });
      assert.deepEqual(await claimOne({ ...other, redelivered: true }, "b"), { status: "id-reused" });
    }),

    check("gives a contested event to one owner only", async () => {
      const { ledger, terms } = await world();
      const events = Array.from({ length: 10 }, () => event());
      const owners = ["a", "b", "c", "d"];

      const answers = await Promise.all(owners.map((owner) => ledger.claim(events, terms(owner))));

      for (const [index] of events.entries()) {
        const winners = answers.filter((results) => results[index]?.status === "claimed");
        assert.equal(winners.length, 1);
      }
    }),

    check("decides a mixed call event by event", async () => {
      const { ledger, terms, claimOne } = await world();
      const [fresh, held, done] = [event(), event(), event()];
      await claimOne(held, "a");
      await claimOne(done, "a");
      await ledger.end([{ key: done.key, to: "done", emits: [] }], "a");

      const results = await ledger.claim([done, fresh, { ...held, redelivered: true }], terms("b"));

      assert.deepEqual(
        results.map((result) => result.status),
        ["done", "claimed", "held"],
      );
    }),

    ...ledgerRecordChecks(world),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, check: run };
}
