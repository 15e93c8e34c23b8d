import { describe, expect, it } from "@jest/globals";
import { followLines } from "../../../ops/archive/follow-lines.ts";
import { openBusArchive } from "../../../ops/archive/index.ts";
import { matchingLines } from "../../../ops/archive/matching-lines.ts";
import { eventJson } from "../../archive/records.ts";
import { watched } from "../../segments/notes.ts";
import { keptBus, minuteMs } from "./kept-bus.ts";

type Bus = ReturnType<typeof keptBus>;

/** Follows a bus's archive in the background, and keeps the ids that are told. */
async function following(bus: Bus) {
  const calls: string[] = [];
  let sleptMs = 0;
  const clock = { ...bus.clock, nowMs: () => bus.clock.nowMs() + sleptMs };
  const store = watched(bus.store, (call, key) => {
    if (call === "list") calls.push(key);
  });
  const { archive } = await openBusArchive({ bus: "shop", store, clock });
  const follower = await followLines(archive);
  const read: string[] = [];
  for await (const { line } of matchingLines(archive, { matches: () => true, onLine: follower.know })) {
    read.push(line.identity.split("\n")[1] ?? line.identity);
  }
  const told: string[] = [];
  const controller = new AbortController();
  const ended = (async () => {
    for await (const lines of follower.lines({ signal: controller.signal })) {
      told.push(...lines.map(({ identity }) => identity.split("\n")[1] ?? identity));
    }
  })();
  calls.length = 0;
  /** Has time pass without a timer firing. */
  const oversleep = (ms: number) => {
    sleptMs += ms;
  };
  return { told, read, calls, oversleep, stop: () => controller.abort(), ended };
}

describe("followLines", () => {
  it("tells what turns up, once a second, each once, and nothing that was there", async () => {
    const bus = keptBus();
    await bus.events({ id: "before" });
    const { told, read } = await following(bus);
    await bus.clock.advance(1_000);
    expect({ told, read }).toEqual({ told: [], read: ["before"] });

    await bus.events({ id: "a" });
    await bus.clock.advance(1_000);
    await bus.events({ id: "a" }, { id: "b" });
    await bus.events({ id: "before" });
    await bus.clock.advance(1_000);

    expect(told).toEqual(["a", "b"]);
  });

  it("tells each event of a message that holds several", async () => {
    const bus = keptBus();
    const { told } = await following(bus);

    await bus.message(`[${eventJson({ id: "a" })},${eventJson({ id: "b" })}]`);
    await bus.clock.advance(1_000);

    expect(told).toEqual(["a", "b"]);
  });

  it("goes on over the edges of spans, also while they are sealed", async () => {
    const bus = keptBus();
    const { told } = await following(bus);

    const ids = Array.from({ length: 130 }, (_, n) => `o-${n}`);
    for (const id of ids) {
      await bus.events({ id });
      await bus.clock.advance(1_000);
      if (bus.clock.nowMs() % minuteMs === 10_000) await bus.seal();
    }
    await bus.clock.advance(1_000);

    expect(told).toEqual(ids);
  });

  it("finds an event that is hours late within a quarter of a minute", async () => {
    const bus = keptBus({ spanMs: 3_600_000 });
    const { told } = await following(bus);

    await bus.events({ id: "late", time: new Date(bus.clock.nowMs() - 3 * 3_600_000).toISOString() });
    await bus.events({ id: "now" });
    await bus.clock.advance(1_000);
    expect(told).toEqual(["now"]);
    await bus.clock.advance(15_000);

    expect(told).toEqual(["now", "late"]);
  });

  it("finds all that came while the machine slept", async () => {
    const bus = keptBus();
    const { told, oversleep } = await following(bus);
    const awake = keptBus({ store: bus.store, startMs: bus.clock.nowMs() });

    const ids = Array.from({ length: 100 }, (_, n) => `o-${n}`);
    for (const id of ids) {
      await awake.events({ id });
      await awake.clock.advance(minuteMs);
    }
    oversleep(100 * minuteMs);
    await bus.clock.advance(1_000);

    expect(new Set(told)).toEqual(new Set(ids));
    expect(told).toHaveLength(100);
  });

  it("costs one listing a second", async () => {
    const bus = keptBus();
    const { calls, stop, ended } = await following(bus);

    await bus.clock.advance(59_500);
    stop();
    await ended;

    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThanOrEqual(60);
    expect(new Set(calls)).toEqual(new Set(["raw/archive/"]));
  });

  it("ends at once when it is told to", async () => {
    const { stop, ended } = await following(keptBus());

    stop();

    await ended;
  });
});
