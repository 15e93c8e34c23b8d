import { describe, expect, it } from "@jest/globals";
import { type TailOptions, tailLines } from "../../../ops/archive/index.ts";
import { parseOffset } from "../../../src/segments/index.ts";
import { keptBus, minuteMs } from "./kept-bus.ts";

const all = () => true;

/** Four events of four minutes; the first two are sealed. */
async function fourEvents() {
  const bus = keptBus();
  for (const id of ["a", "b", "c", "d"]) {
    await bus.events({ id });
    await bus.clock.advance(minuteMs);
    if (id === "b") await bus.clock.advance(5_000);
    if (id === "b") await bus.seal();
  }
  return bus;
}

/** Tails in the background; answers what was told so far. */
async function tailing(bus: ReturnType<typeof keptBus>, options: Partial<TailOptions>) {
  const { archive } = await bus.open();
  const told: string[] = [];
  const controller = new AbortController();
  const ended = (async () => {
    for await (const { line } of tailLines(archive, {
      matches: all,
      signal: controller.signal,
      ...options,
    })) {
      told.push(line.identity.split("\n")[1] ?? "");
    }
  })();
  return { told, ended, stop: () => controller.abort() };
}

describe("tailLines", () => {
  it("begins with the last ones, or goes through all from a beginning on", async () => {
    const bus = await fourEvents();
    const told = async (options: Partial<TailOptions>) => {
      const { told, ended } = await tailing(bus, options);
      await ended;
      return told.join("");
    };

    expect(await told({})).toBe("abcd");
    expect(await told({ limit: 2 })).toBe("cd");
    expect(await told({ withinMs: minuteMs })).toBe("d");
    expect(await told({ fromMs: 0, limit: 3 })).toBe("abc");
    const from = parseOffset("2026-11-27-01-31/0/0");
    expect(from && (await told({ from }))).toBe("bcd");
  });

  it("goes on with what turns up, and misses nothing between", async () => {
    const bus = await fourEvents();
    const tail = await tailing(bus, { follow: true, limit: 1 });
    await bus.clock.advance(1_000);
    await bus.events({ id: "e" }, { id: "d" });
    await bus.clock.advance(2_000);

    expect(tail.told.join("")).toBe("de");

    tail.stop();
    await tail.ended;
  });

  it("ends after so many when it follows from a beginning", async () => {
    const bus = await fourEvents();
    const tail = await tailing(bus, { follow: true, fromMs: 0, limit: 5 });
    await bus.clock.advance(1_000);
    await bus.events({ id: "e" }, { id: "f" });
    await bus.clock.advance(2_000);

    await tail.ended;
    expect(tail.told.join("")).toBe("abcde");
  });

  it("tells only what matches", async () => {
    const bus = await fourEvents();
    const tail = await tailing(bus, { follow: true, matches: ({ type }) => type === "order.paid" });
    await bus.clock.advance(1_000);
    await bus.events({ id: "e" }, { id: "f", type: "order.paid" });
    await bus.clock.advance(2_000);

    expect(tail.told.join("")).toBe("f");
    tail.stop();
    await tail.ended;
  });
});
