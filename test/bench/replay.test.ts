import { describe, expect, it } from "@jest/globals";
import { archivedEvents } from "../../bench/replay/archived-events.ts";
import { dollarsPerMillion } from "../../bench/replay/dollars.ts";
import { ours, parseAll, unpackOnly } from "../../bench/replay/readers.ts";
import { seek } from "../../bench/replay/seek.ts";

describe("the bench of replay", () => {
  it("makes the same batches of the same events, parsed or not", async () => {
    const { archive, eventBytes } = await archivedEvents(3_000);

    const [copied, parsed, unpacked, again] = [
      await ours(archive),
      await parseAll(archive),
      await unpackOnly(archive),
      await ours(archive, { again: true }),
    ];

    expect(copied).toEqual({ events: 3_000, batches: 300, bytes: parsed.bytes });
    expect(parsed).toEqual(copied);
    expect(unpacked.events).toBe(3_000);
    expect(again.bytes).toBeGreaterThan(copied.bytes + 3_000 * 50);
    expect(eventBytes).toBeGreaterThan(300);
  });

  it("finds a time in a thousand million events by three GETs, and by a day's manifests what was late", async () => {
    const { gets, foundMs, askedMs } = await seek(0.777);
    const whole = await seek(0.5, { whole: true });

    expect(gets).toBe(3);
    expect(Math.abs(foundMs - askedMs)).toBeLessThan(1_000);
    expect(whole.gets).toBe(28);
  });

  it("adds up what a million events cost", () => {
    expect(dollarsPerMillion({ eventBytes: 330, lineBytes: 800 })).toEqual({
      ours: 0.165,
      again: 0.04,
      eventBridge: 1.4,
    });
    expect(dollarsPerMillion({ eventBytes: 100_000, lineBytes: 110_000 }).ours).toBeGreaterThan(0.7);
  });
});
