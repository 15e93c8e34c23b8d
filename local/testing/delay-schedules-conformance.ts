import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { DelaySchedules, KeptSchedules } from "../../src/delay/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** Timers, and the same as they stand. */
export interface SchedulesSubject {
  readonly schedules: DelaySchedules;
  readonly kept: KeptSchedules;
  /** What its clock says. */
  nowMs(): number;
}

/** What every `DelaySchedules` and its `KeptSchedules` must do beside handing over. Names of this run are never used twice. */
export function delaySchedulesConformance(
  make: () => Promise<SchedulesSubject> | SchedulesSubject,
  /** Makes the names this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let names = 0;
  const world = async () => {
    const subject = await make();
    const prefix = `conformance-${run}-${names++}-`;
    const put = (name: string, body: string) =>
      subject.schedules.put(prefix + name, subject.nowMs() + 86_400_000, body);
    const all = async () => {
      const found = [];
      for await (const name of subject.kept.names(prefix)) found.push(name.slice(prefix.length));
      return found.sort();
    };
    return { ...subject, prefix, put, all };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check("names what waits under a prefix, however much it is, and nothing else", async () => {
      const { put, all } = await world();
      const many = Array.from({ length: 103 }, (_, index) => String(index));

      await Promise.all(many.map((name) => put(name, "body")));
      const other = await world();
      await other.put("another", "body");

      assert.deepEqual(await all(), many.sort());
    }),

    check("reads what was put, as it was put first", async () => {
      const { put, kept, prefix } = await world();
      const body = JSON.stringify({ text: 'ünïcode "quoted"' });

      await put("one", body);
      await put("one", "another");

      assert.equal(await kept.read(`${prefix}one`), body);
      assert.equal(await kept.read(`${prefix}two`), undefined);
    }),

    check("takes one away, and says whether it was there", async () => {
      const { put, all, kept, prefix } = await world();
      await put("one", "body");
      await put("two", "body");

      assert.equal(await kept.remove(`${prefix}one`), true);
      assert.equal(await kept.remove(`${prefix}one`), false);

      assert.deepEqual(await all(), ["two"]);
      assert.equal(await kept.read(`${prefix}one`), undefined);
    }),
  ];
}
