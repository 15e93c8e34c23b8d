import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { sleep, systemClock, uuidv7 } from "../../src/clock.ts";

describe("uuidv7", () => {
  it("carries the clock's milliseconds, version 7 and the variant of RFC 9562", () => {
    const clock = virtualClock({ startMs: 0x0192_3456_789a });

    const id = uuidv7(clock);

    expect(id).toMatch(/^01923456-789a-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("sorts by time, and does not repeat within one millisecond", async () => {
    const clock = virtualClock();
    const earlier = Array.from({ length: 1_000 }, () => uuidv7(clock));
    await clock.advance(1);
    const later = uuidv7(clock);

    expect(new Set(earlier).size).toBe(1_000);
    expect(earlier.every((id) => id < later)).toBe(true);
    expect(uuidv7(systemClock) > later).toBe(true);
  });
});

describe("sleep", () => {
  it("ends at its time, or when its signal is aborted, and leaves no timer", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const woken: string[] = [];
    const naps = [
      sleep(clock, 100).then(() => woken.push(`slept until ${clock.nowMs() % 1000}`)),
      sleep(clock, 500, controller.signal).then(() => woken.push("aborted")),
    ];

    await clock.advance(100);
    controller.abort();
    await Promise.all(naps);

    expect(woken).toEqual(["slept until 100", "aborted"]);
    expect(clock.pending).toBe(0);
  });
});
