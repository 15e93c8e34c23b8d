import assert from "node:assert/strict";
import type { ClaimRequest, ClaimResult, Ledger, RecordRequest } from "../../src/ledger/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { emitted, event, record } from "./ledger-events.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** A ledger of one check, and what works on it. */
interface LedgerWorld {
  readonly ledger: Ledger;
  readonly clock: VirtualClock;
  readonly leaseMs: number;
  readonly claimOne: (event: ClaimRequest, owner: string) => Promise<ClaimResult | undefined>;
}

/** What a ledger must do with ends that had no claim: a part of `ledgerConformance`. */
export function ledgerRecordChecks(world: () => Promise<LedgerWorld>): readonly ConformanceCheck[] {
  return [
    check("records without a claim; the first record stands", async () => {
      const { ledger, claimOne } = await world();
      const one = event();
      const emits = [emitted("kept")];

      assert.deepEqual(await ledger.record([record(one, emits)]), [{ status: "recorded" }]);
      assert.deepEqual(await ledger.record([record(one, [emitted("late")])]), [{ status: "already", emits }]);
      assert.deepEqual(await ledger.record([{ ...record(one), hash: "another" }]), [{ status: "id-reused" }]);
      assert.deepEqual(await claimOne(one, "a"), { status: "done", emits });
    }),

    check("records over a claim that was given back or is held: the mode has changed", async () => {
      const { ledger, claimOne } = await world();
      const [released, held] = [event(), event()];
      const emits = [emitted("kept")];
      await claimOne(released, "a");
      await claimOne(held, "a");
      await ledger.end([{ key: released.key, to: "released", started: true }], "a");

      const results = await ledger.record([record(released, emits), record(held)]);

      assert.deepEqual(results, [{ status: "recorded" }, { status: "recorded" }]);
      assert.deepEqual(await claimOne(released, "b"), { status: "done", emits });
      assert.deepEqual(await ledger.end([{ key: held.key, to: "released", started: true }], "a"), [
        { status: "lost" },
      ]);
    }),

    check("records a dead one, and done over it when it comes back", async () => {
      const { ledger } = await world();
      const one = event();
      const dead: RecordRequest = { ...record(one), ending: { to: "dead", reason: "permanent" } };

      assert.deepEqual(await ledger.record([dead]), [{ status: "recorded" }]);
      assert.deepEqual(await ledger.record([dead]), [{ status: "recorded" }]);
      assert.deepEqual(await ledger.record([record(one)]), [{ status: "recorded" }]);
      assert.deepEqual(await ledger.record([record(one)]), [{ status: "already", emits: [] }]);
    }),

    check("records nothing dead over what is done, or over the claim of a run that is at work", async () => {
      const { ledger, claimOne, clock, leaseMs } = await world();
      const [done, held, late, released] = [event(), event(), event(), event()];
      const dead = (one: typeof done): RecordRequest => ({
        ...record(one),
        attempts: 0,
        ending: { to: "dead", reason: "unknown-version" },
      });
      for (const one of [done, late, released]) await claimOne(one, "a");
      await ledger.end([{ key: done.key, to: "done", emits: [] }], "a");
      await ledger.end([{ key: released.key, to: "released", started: true }], "a");
      await clock.advance(leaseMs);
      await claimOne(held, "a");

      assert.deepEqual(await ledger.record([dead(done), dead(held), dead(late), dead(released)]), [
        { status: "already", emits: [] },
        { status: "already", emits: [] },
        { status: "recorded" },
        { status: "recorded" },
      ]);
      assert.deepEqual(await ledger.end([{ key: held.key, to: "done", emits: [] }], "a"), [
        { status: "ended" },
      ]);
      assert.deepEqual(await ledger.end([{ key: late.key, to: "done", emits: [] }], "a"), [
        { status: "lost" },
      ]);
    }),

    check(
      "lets a dead one that was recorded without a claim be claimed, with its first attempt",
      async () => {
        const { ledger, claimOne } = await world();
        const one = event();
        await ledger.record([
          { ...record(one), attempts: 0, ending: { to: "dead", reason: "unknown-version" } },
        ]);

        assert.deepEqual(await claimOne(one, "a"), { status: "claimed", attempts: 1, takenOver: false });
      },
    ),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, check: run };
}
