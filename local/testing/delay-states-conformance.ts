import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { DelayState, DelayStates } from "../../src/delay/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** What every `DelayStates` must do. Keys of this run are never used twice, so one table will do for all. */
export function delayStatesConformance(
  make: () => Promise<DelayStates> | DelayStates,
  /** Makes the keys this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let keys = 0;
  const expiresMs = systemClock.nowMs() + 86_400_000;
  const world = async () => {
    const states = await make();
    const key = `conformance-${run}-${keys++}`;
    const read = () => states.read(key);
    return { read, decide: (to: DelayState, of = key) => states.decide(of, to, expiresMs) };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check("keeps the first decision, whatever is asked for later", async () => {
      const { decide } = await world();

      assert.equal(await decide("cancelled"), "cancelled");
      assert.equal(await decide("sent"), "cancelled");
      assert.equal(await decide("cancelled"), "cancelled");
    }),

    check("tells who asks again what was decided", async () => {
      const { decide } = await world();

      assert.equal(await decide("sent"), "sent");
      assert.equal(await decide("sent"), "sent");
      assert.equal(await decide("cancelled"), "sent");
    }),

    check("is read as it stands, and by that nothing is decided", async () => {
      const { decide, read } = await world();

      assert.equal(await read(), undefined);
      assert.equal(await decide("cancelled"), "cancelled");
      assert.equal(await read(), "cancelled");
    }),

    check("answers all the same who ask at once", async () => {
      const { decide } = await world();
      const wanted = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? "sent" : "cancelled"));

      const answers = await Promise.all(wanted.map((to) => decide(to as DelayState)));

      assert.equal(new Set(answers).size, 1);
    }),

    check("keeps events apart", async () => {
      const { decide } = await world();

      await decide("cancelled");

      assert.equal(await decide("sent", `other-${run}`), "sent");
    }),
  ];
}
