import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { type Clock, sleep } from "../../src/clock.ts";
import { dynamoLimits, limit } from "../../src/limits/index.ts";
import { consumerWorld, order, record } from "../helpers/consumer-world.ts";
import { modelledLimitTable } from "../helpers/modelled-limit-table.ts";
import { mostInAnyWindow } from "./holders.ts";

const partner = limit("partner", { rate: "50/s", skewMs: 15 });

/** What the writes to a limit and its starts were, while processes that share nothing but its table had work. */
async function played(weather: { processes: number; batches: number; stalls: number; pauseMs?: number }) {
  const clock = virtualClock();
  const table = modelledLimitTable(clock, { wayMs: 2 });
  const starts: number[] = [];
  const process = async () => {
    const own = stalling(clock, weather.stalls);
    const consumer = consumerWorld(() => starts.push(clock.nowMs()), {
      clock,
      settings: { limits: [partner.meaning] },
      parts: {
        clock: own,
        limits: [partner],
        limitStore: dynamoLimits({ table: "shop-limits", clock: own, calls: table.calls }),
      },
    });
    for (let batch = 0; batch < weather.batches; batch++) {
      await consumer.begin(Array.from({ length: 10 }, () => record(order())));
      await sleep(clock, weather.pauseMs ?? 5 + clock.random() * 20);
    }
  };
  await clock.until(Promise.all(Array.from({ length: weather.processes }, process)));
  starts.sort((left, right) => left - right);
  const [first = 0, last = 0] = [starts[0], starts[Math.floor(starts.length * 0.9) - 1]];
  return {
    starts: starts.length,
    most: mostInAnyWindow(starts, 1_000),
    used: ((starts.length * 0.9 - 1) * 1_000) / (last - first) / 50,
    writesPerStart: table.writes() / starts.length,
  };
}

/** Stalls now and then: every timer that is due meanwhile fires at the end of it. */
function stalling(clock: Clock, chance: number): Clock {
  let untilMs = 0;
  return {
    ...clock,
    after(delayMs, fire) {
      let cancel = () => {};
      const due = () => {
        if (clock.nowMs() >= untilMs && clock.random() < chance) {
          untilMs = clock.nowMs() + 25 + clock.random() * 60;
        }
        if (clock.nowMs() >= untilMs) fire();
        else cancel = clock.after(untilMs - clock.nowMs(), due);
      };
      cancel = clock.after(delayMs, due);
      return () => cancel();
    },
  };
}

describe("what a limit costs", () => {
  it("is a write for a batch, while others are at work on the same rate", async () => {
    const { starts, most, used, writesPerStart } = await played({ processes: 8, batches: 15, stalls: 0 });

    expect(starts).toBe(1_200);
    expect(most).toBeLessThanOrEqual(50);
    expect(used).toBeGreaterThan(0.955);
    expect(writesPerStart).toBeLessThan(0.107);
  });

  it("is little more where processes stall, and starts come late", async () => {
    const { starts, most, writesPerStart } = await played({ processes: 8, batches: 15, stalls: 0.02 });

    expect(starts).toBe(1_200);
    expect(most).toBeLessThanOrEqual(50);
    expect(writesPerStart).toBeLessThan(0.14);
  });

  it("is a write for a batch, for one alone that comes now and then", async () => {
    const { writesPerStart } = await played({ processes: 1, batches: 20, stalls: 0, pauseMs: 3_000 });

    expect(writesPerStart).toBe(0.1);
  });
});
