import { describe, expect, it } from "@jest/globals";
import { type Backlog, watchBacklog } from "../../drills/frame/backlog.ts";
import { StalledError, waitUntilSettled } from "../../drills/frame/settle.ts";
import { createTally } from "../../drills/frame/tally.ts";
import { consumers } from "../../drills/orders/consumers.ts";
import { publishTraffic } from "../../drills/orders/publish-traffic.ts";
import type { Parcel } from "../../drills/orders/traffic.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import type { SendResult } from "../../src/publish/index.ts";

const idle = { visible: 0, inFlight: 0, delayed: 0 };

describe("watchBacklog", () => {
  it("counts what is visible, in flight and delayed, and names the deepest queue", async () => {
    const clock = virtualClock();
    const backlog = watchBacklog({
      consumers,
      clock,
      queues: async () => [
        { name: "shop-Points", visible: 3, inFlight: 2, delayed: 1 },
        { name: "shop-Stock", ...idle, visible: 50 },
        { name: "shop-Points-dead", ...idle, visible: 900 },
      ],
    });

    await clock.until(backlog.next());
    backlog.stop();

    expect(backlog.lag("Points")).toBe(6);
    expect(backlog.lag("Logistics")).toBe(0);
    expect(backlog.deepest()).toBe(50);
  });

  it("tells whoever waits for the next look that looking failed", async () => {
    const clock = virtualClock();
    const backlog = watchBacklog({
      consumers,
      clock,
      queues: () => Promise.reject(new Error("endpoint gone")),
    });

    await expect(clock.until(backlog.next())).rejects.toThrow("endpoint gone");
    backlog.stop();
  });
});

describe("waitUntilSettled", () => {
  it("waits for two empty looks in a row, and answers the moment of the first", async () => {
    const depths = [5, 0, 3, 0, 0, 9];
    const { wait, clock, startMs } = settling(() => depths.shift() ?? 0);

    const atMs = await clock.until(wait({ stallMs: 10_000 }));

    expect(atMs - startMs).toBe(750);
    expect(depths).toEqual([9]);
  });

  it("counts what is in flight as not settled", async () => {
    let looks = 0;
    const { wait, clock } = settling(() => ({ ...idle, inFlight: ++looks < 8 ? 1 : 0 }));

    await clock.until(wait({ stallMs: 10_000 }));

    expect(looks).toBeGreaterThanOrEqual(9);
  });

  it("names what is stuck, and what the functions said last, when nothing moves", async () => {
    const { wait, clock, tally } = settling(() => ({ visible: 4, inFlight: 2, delayed: 0 }));
    tally.take("shop-Points", '{"level":"warn","outcome":"retry","reason":"table not found"}');

    const waiting = clock.until(wait({ stallMs: 5_000 }));

    await expect(waiting).rejects.toThrow(StalledError);
    await expect(waiting).rejects.toThrow(
      /nothing has moved for 5 s.*shop-Points holds 4 visible, 2 in flight.*table not found/s,
    );
  });

  it("does not take a slow run for a stall as long as a count moves", async () => {
    let looks = 0;
    const { wait, clock, tally } = settling(() => {
      looks += 1;
      tally.of.Points.retries += 1;
      return looks < 100 ? 7 : 0;
    });

    await expect(clock.until(wait({ stallMs: 1_000 }))).resolves.toBeGreaterThan(0);
  });

  it("ends when the run is aborted", async () => {
    const { wait, clock, abort } = settling(() => 1);

    const waiting = wait({ stallMs: 60_000 });
    abort();

    await expect(clock.until(waiting)).resolves.toBeDefined();
  });
});

describe("publishTraffic", () => {
  it("publishes all and counts by kind", async () => {
    const sent: string[] = [];
    const counts = { orders: 0, duplicates: 0, poison: 0 };

    await publishTraffic({
      parcels: parcels(["order", "order", "duplicate", "poison"]),
      send: async (messages) => {
        sent.push(...messages.map(({ id }) => id));
        return messages.map(taken);
      },
      backlog: { deepest: () => 0, next: async () => {} },
      counts,
      signal: new AbortController().signal,
    });

    expect(sent).toEqual(["0", "1", "2", "3"]);
    expect(counts).toEqual({ orders: 2, duplicates: 1, poison: 1 });
  });

  it("pauses while the deepest queue is full, and goes on when it has emptied", async () => {
    let depth = 0;
    let looks = 0;
    let most = 0;
    const backlog: Pick<Backlog, "deepest" | "next"> = {
      deepest: () => depth,
      next: async () => {
        looks += 1;
        most = Math.max(most, depth);
        depth = Math.max(0, depth - 1_000);
      },
    };

    await publishTraffic({
      parcels: parcels(Array.from({ length: 20_000 }, () => "order" as const)),
      send: async (messages) => {
        depth += messages.length;
        return messages.map(taken);
      },
      backlog,
      counts: { orders: 0, duplicates: 0, poison: 0 },
      signal: new AbortController().signal,
    });

    expect(looks).toBeGreaterThan(10);
    expect(most).toBeLessThanOrEqual(4_000);
  });

  it("names the message that was not taken", async () => {
    const refused: SendResult = { ok: false, code: "NotFound", message: "no such topic", retryable: false };

    const publishing = publishTraffic({
      parcels: parcels(["order", "order"]),
      send: async () => [taken(), refused],
      backlog: { deepest: () => 0, next: async () => {} },
      counts: { orders: 0, duplicates: 0, poison: 0 },
      signal: new AbortController().signal,
    });

    await expect(publishing).rejects.toThrow("order.created 1 could not be published: no such topic");
  });

  it("sends nothing more once it is aborted", async () => {
    const controller = new AbortController();
    let sent = 0;

    await publishTraffic({
      parcels: parcels(Array.from({ length: 1_000 }, () => "order" as const)),
      send: async (messages) => {
        sent += messages.length;
        controller.abort();
        return messages.map(taken);
      },
      backlog: { deepest: () => 0, next: async () => {} },
      counts: { orders: 0, duplicates: 0, poison: 0 },
      signal: controller.signal,
    });

    expect(sent).toBe(100);
  });
});

function taken(): SendResult {
  return { ok: true, messageId: "1" };
}

function settling(points: () => number | typeof idle) {
  const clock = virtualClock();
  const startMs = clock.nowMs();
  const controller = new AbortController();
  const tally = createTally(consumers, clock);
  const backlog = watchBacklog({
    consumers,
    clock,
    queues: async () => {
      const depth = points();
      return [{ name: "shop-Points", ...(typeof depth === "number" ? { ...idle, visible: depth } : depth) }];
    },
  });
  const wait = ({ stallMs }: { stallMs: number }) =>
    waitUntilSettled({ consumers, backlog, tally, stallMs, signal: controller.signal, clock }).finally(
      backlog.stop,
    );
  return { wait, clock, startMs, tally, abort: () => controller.abort() };
}

async function* parcels(kinds: readonly Parcel["kind"][]): AsyncGenerator<Parcel> {
  for (const [index, kind] of kinds.entries()) {
    yield {
      kind,
      message: {
        topic: "orders",
        id: String(index),
        source: "//test",
        type: "order.created",
        body: "",
        attributes: {},
      },
    };
  }
}
