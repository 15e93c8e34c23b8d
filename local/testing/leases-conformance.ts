import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { Leases } from "../../src/leases/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

const leaseMs = 60_000;

/**
 * What every `Leases` must do. `make` gives one that reads its time from the clock it is handed; names of this run are never
 * used twice, so one table will do for all.
 */
export function leasesConformance(
  make: (clock: VirtualClock) => Promise<Leases> | Leases,
  /** Makes the names this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let names = 0;
  const world = async () => {
    const clock = virtualClock();
    const leases = await make(clock);
    const name = `conformance-${run}-${names++}`;
    const take = (owner: string, ms = leaseMs) => leases.take(name, owner, clock.nowMs() + ms);
    const renew = (owner: string, ms = leaseMs) => leases.renew(name, owner, clock.nowMs() + ms);
    return { clock, leases, name, take, renew };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check("gives a lease to one owner, and tells the next when it ends", async () => {
      const { take, clock } = await world();

      assert.deepEqual(await take("one"), { status: "ours" });
      assert.deepEqual(await take("other"), { status: "held", untilMs: clock.nowMs() + leaseMs });
    }),

    check("gives a lease to one of many who ask at once", async () => {
      const { take } = await world();

      const answers = await Promise.all(["a", "b", "c", "d", "e"].map((owner) => take(owner)));

      assert.equal(answers.filter(({ status }) => status === "ours").length, 1);
    }),

    check("gives a lease to the same owner again, with its new end", async () => {
      const { take, clock } = await world();
      await take("one");

      assert.deepEqual(await take("one", 2 * leaseMs), { status: "ours" });
      assert.deepEqual(await take("other"), { status: "held", untilMs: clock.nowMs() + 2 * leaseMs });
    }),

    check("gives a lease to another at the moment it ends, and not before", async () => {
      const { take, clock } = await world();
      await take("one");
      await clock.advance(leaseMs - 1);
      assert.equal((await take("other")).status, "held");
      await clock.advance(1);

      assert.deepEqual(await take("other"), { status: "ours" });
    }),

    check("keeps a lease that is renewed", async () => {
      const { take, renew, clock } = await world();
      await take("one");
      await clock.advance(leaseMs - 1);
      assert.equal(await renew("one"), true);
      await clock.advance(leaseMs - 1);

      assert.equal((await take("other")).status, "held");
    }),

    check("renews a lease that has ended, as long as nobody else has it", async () => {
      const { take, renew, clock } = await world();
      await take("one");
      await clock.advance(2 * leaseMs);

      assert.equal(await renew("one"), true);
      assert.equal((await take("other")).status, "held");
    }),

    check("tells an owner who has lost the lease so, and leaves the new one's alone", async () => {
      const { take, renew, leases, name, clock } = await world();
      await take("one");
      await clock.advance(leaseMs);
      await take("other");

      assert.equal(await renew("one", 9 * leaseMs), false);
      await leases.release(name, "one");
      assert.deepEqual(await take("third"), { status: "held", untilMs: clock.nowMs() + leaseMs });
      assert.equal(await renew("other"), true);
    }),

    check("gives a lease to the next when it was given back, and renews it no more", async () => {
      const { take, renew, leases, name } = await world();
      await take("one");
      await leases.release(name, "one");

      assert.equal(await renew("one"), false);
      assert.deepEqual(await take("other"), { status: "ours" });
    }),

    check("renews and gives back what nobody ever took without a word", async () => {
      const { take, renew, leases, name } = await world();

      assert.equal(await renew("one"), false);
      await leases.release(name, "one");
      assert.deepEqual(await take("other"), { status: "ours" });
    }),

    check("keeps names apart", async () => {
      const { take, leases, name, clock } = await world();
      await take("one");

      assert.deepEqual(await leases.take(`${name}-2`, "other", clock.nowMs() + leaseMs), { status: "ours" });
    }),
  ];
}
