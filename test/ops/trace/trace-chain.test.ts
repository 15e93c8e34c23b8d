import { describe, expect, it } from "@jest/globals";
import { traceText } from "../../../cli/trace-text.ts";
import {
  type DelayedReader,
  type KnownConsumer,
  knownConsumer,
  skewMs,
  timeOfId,
  traceChain,
} from "../../../ops/trace/index.ts";
import type { ConsumerSettings } from "../../../src/env.ts";
import { inMemoryLedger, type LedgerReader, ledgerKey } from "../../../src/ledger/index.ts";
import { beginMs, keptBus, minuteMs } from "../archive/kept-bus.ts";

type Bus = ReturnType<typeof keptBus>;
type Ledger = ReturnType<typeof inMemoryLedger>;

const consumer = (name: string, type: string, more: Partial<ConsumerSettings> = {}): KnownConsumer =>
  knownConsumer({ consumer: name, on: [`${type}:1`], mode: "once", ...more } as ConsumerSettings);
const consumers = [
  consumer("LockStock", "order.created"),
  consumer("Points", "order.created"),
  consumer("Charge", "stock.locked"),
];
const chain = { correlationid: "o-1" };
const locked = { ...chain, id: "s-1", type: "stock.locked", source: "/shop/LockStock", causationid: "o-1" };

async function traced(
  bus: Bus,
  asked: string,
  more: {
    ledger?: LedgerReader;
    consumers?: readonly KnownConsumer[];
    fromMs?: number;
    delayed?: DelayedReader;
  } = {},
) {
  const archive = await bus.open();
  return traceChain({ archive, asked, fromMs: beginMs - minuteMs, consumers, ledger: undefined, ...more });
}

/** Claims an event for a consumer, and ends the claim where told. */
async function claim(
  ledger: Ledger,
  bus: Bus,
  name: string,
  event: { id: string; source: string },
  end?: "released" | "done" | "dead",
) {
  const key = ledgerKey({ consumer: name, ...event });
  const about = { key, consumer: name, ...event, type: "t", time: "2026-11-27T01:30:00.000Z", hash: "h" };
  await ledger.claim([{ ...about, redelivered: false }], {
    owner: "me",
    leaseEndsMs: bus.clock.nowMs() + 30_000,
  });
  if (end === "done") await ledger.end([{ key, to: "done", emits: [] }], "me");
  if (end === "dead") await ledger.end([{ key, to: "dead", reason: "permanent" }], "me");
  if (end === "released") await ledger.end([{ key, to: "released", started: true }], "me");
}

/** An order whose stock was locked at the second try, whose charge died and was redriven; the last part is not sealed. */
async function anOrder() {
  const bus = keptBus();
  await bus.events({ id: "o-1", ...chain });
  await bus.events({ id: "o-9", correlationid: "o-9" });
  const time = new Date(bus.clock.nowMs()).toISOString();
  await bus.clock.advance(5_300);
  await bus.ends({ id: "o-1", consumer: "LockStock", time, attempts: 2 });
  await bus.clock.advance(minuteMs);
  await bus.seal();
  await bus.events(locked);
  const lockedAt = new Date(bus.clock.nowMs()).toISOString();
  const charge = { id: "s-1", source: locked.source, type: locked.type, time: lockedAt, consumer: "Charge" };
  await bus.clock.advance(8_000);
  await bus.ends({ ...charge, state: "dead", reason: "permanent", attempts: 1 });
  await bus.clock.advance(2_000);
  await bus.ends({ ...charge, attempts: 1 });
  return bus;
}

describe("traceChain", () => {
  it("puts events under the consumers that emitted them, with every end, sealed or not", async () => {
    const found = await traced(await anOrder(), "o-1");

    expect(found).toMatchObject({ events: 2, correlationids: ["o-1"], counts: { done: 2, unknown: 1 } });
    expect(found?.roots).toMatchObject([
      {
        id: "o-1",
        asked: true,
        consumers: [
          {
            consumer: "LockStock",
            state: "done",
            ends: [{ attempts: 2, afterMs: 5_300 }],
            emitted: [
              {
                id: "s-1",
                open: true,
                consumers: [
                  { consumer: "Charge", state: "done", ends: [{ state: "dead" }, { state: "done" }] },
                ],
              },
            ],
          },
          { consumer: "Points", state: "unknown", ends: [], emitted: [] },
        ],
      },
    ]);
    expect(found?.roots[0]).not.toHaveProperty("open");
  });

  it("draws it", async () => {
    const found = await traced(await anOrder(), "s-1");

    expect(found && traceText(found)).toBe(
      [
        "order.created 2026-11-27T01:30:00.000Z /shop/web o-1",
        "├─ LockStock: done after 5300 ms, 2 tries",
        "│  └─ stock.locked +65 s /shop/LockStock s-1 ◀ asked for (not sealed yet)",
        "│     └─ Charge: DEAD after 8000 ms: permanent, then done after 10 s",
        "└─ Points: no end is known",
        "",
        "2 events in 75 s; consumers: 2 done, 1 unknown",
      ].join("\n"),
    );
  });

  it("tells by the ledger what stands now: running, waiting for a try, dead and done before the journal knows", async () => {
    const bus = keptBus();
    await bus.events({ id: "o-1", ...chain });
    const ledger = inMemoryLedger({ keepMs: 86_400_000, clock: bus.clock });
    const event = { id: "o-1", source: "/shop/web" };
    const five = ["Runs", "Tries", "Dies", "Did", "Idle"].map((name) => consumer(name, "order.created"));
    await claim(ledger, bus, "Runs", event);
    await claim(ledger, bus, "Tries", event, "released");
    await claim(ledger, bus, "Dies", event, "dead");
    await claim(ledger, bus, "Did", event, "done");

    const found = await traced(bus, "o-1", { ledger, consumers: five });

    expect(found?.counts).toEqual({ running: 1, retrying: 1, dead: 1, done: 1, waiting: 1, unknown: 0 });
    expect(found && traceText(found).split("\n").slice(1, 6)).toEqual([
      "├─ Runs: running, 1 try; its claim ends 2026-11-27T01:30:30.000Z",
      "├─ Tries: waits for its next try after 1 try",
      "├─ Dies: DEAD after 1 try: permanent (not in the journal yet)",
      "├─ Did: done after 1 try (not in the journal yet)",
      "└─ Idle: not begun: in its queue, or on the way there",
    ]);
  });

  it("takes a claim whose lease is over for one that is tried again", async () => {
    const bus = keptBus();
    await bus.events({ id: "o-1", ...chain });
    const ledger = inMemoryLedger({ keepMs: 86_400_000, clock: bus.clock });
    await claim(ledger, bus, "LockStock", { id: "o-1", source: "/shop/web" });
    await bus.clock.advance(31_000);

    const found = await traced(bus, "o-1", { ledger });

    expect(found?.roots[0]?.consumers[0]).toMatchObject({ consumer: "LockStock", state: "retrying" });
  });

  it("names a replay, and does not take its end for the event's own", async () => {
    const bus = keptBus();
    const time = new Date(bus.clock.nowMs()).toISOString();
    await bus.events({ id: "o-1", ...chain });
    const ledger = inMemoryLedger({ keepMs: 86_400_000, clock: bus.clock });
    await claim(ledger, bus, "Points", { id: "o-1", source: "/shop/web" }, "dead");
    await bus.ends({ id: "o-1", consumer: "Points", time, state: "dead", reason: "permanent" });
    await bus.clock.advance(1_000);
    await bus.ends({ id: "o-1", consumer: "Points", time, replay: "r-1" });

    const found = await traced(bus, "o-1", { ledger, consumers: [consumers[1] as KnownConsumer] });

    expect(found?.roots[0]?.consumers[0]?.state).toBe("dead");
    expect(found && traceText(found)).toContain(
      "Points: DEAD after 0 ms: permanent, then done by replay r-1 after 1000 ms",
    );
  });

  it("leaves out who filters the event away, and whoever takes other types", async () => {
    const bus = keptBus();
    await bus.events({ id: "o-1", ...chain });
    const picky = consumer("Picky", "order.created", {
      filters: { orders: { type: ["order.created"], vip: ["1"] } },
    });

    const found = await traced(bus, "o-1", { consumers: [picky, consumers[2] as KnownConsumer] });

    expect(found?.roots[0]?.consumers).toEqual([]);
    expect(found && traceText(found)).toContain("└─ (no consumer takes it)");
  });

  it("finds a chain's beginning by the time in its correlation id, before the time it was asked to look from", async () => {
    const bus = keptBus();
    const hex = (beginMs + 500).toString(16).padStart(12, "0");
    const first = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000001`;
    await bus.events({ id: first, correlationid: first });
    await bus.clock.advance(10 * minuteMs);
    await bus.events({ ...locked, correlationid: first, causationid: first });

    const found = await traced(bus, "s-1", { fromMs: beginMs + 9 * minuteMs });

    expect(timeOfId(first)).toBe(beginMs + 500);
    expect(skewMs).toBeGreaterThan(0);
    expect(found?.roots).toMatchObject([
      { id: first, consumers: [{ consumer: "LockStock", state: "done" }, {}] },
    ]);
  });

  it("finds the ends of an event whose own time is days before it was published", async () => {
    const bus = keptBus();
    const time = new Date(bus.clock.nowMs() - 3 * 86_400_000).toISOString();
    await bus.events({ id: "o-1", ...chain, time });
    await bus.clock.advance(1_000);
    await bus.ends({ id: "o-1", consumer: "LockStock", time });

    const found = await traced(bus, "o-1");

    expect(found?.roots[0]?.consumers[0]).toMatchObject({ consumer: "LockStock", state: "done", ends: [{}] });
  });

  it("lets what names a cause that is not there stand by itself", async () => {
    const bus = keptBus();
    await bus.events(
      { id: "a", ...chain },
      { id: "b", ...chain, causationid: "gone" },
      { id: "c", ...chain, source: "/desk/till", causationid: "a" },
    );

    const found = await traced(bus, "o-1");

    expect(found?.roots.map(({ id }) => id).sort()).toEqual(["a", "b", "c"]);
    expect(found && traceText(found)).toMatch(/3 events in 0 ms; 3 of them have no cause here/);
  });

  it("ends where events name each other as their cause", async () => {
    const bus = keptBus();
    const source = "/shop/LockStock";
    await bus.events(
      { id: "a", ...chain, source, causationid: "b" },
      { id: "b", ...chain, source, causationid: "a" },
    );

    const found = await traced(bus, "o-1");

    expect(found?.events).toBe(2);
  });

  it("answers nothing for an id that is not there, also where it stands in another one's data", async () => {
    const bus = keptBus();
    await bus.events({ id: "o-1", ...chain, data: { other: "o-2" } });

    expect(await traced(bus, "o-2")).toBeUndefined();
  });

  describe("with events that are delayed", () => {
    const dayMs = 86_400_000;
    const reminder = {
      ...{
        id: "r-1",
        type: "reminder.due",
        source: "/shop/LockStock",
        correlationid: "o-1",
        causationid: "o-1",
      },
      ...{ specversion: "1.0", dataschema: "urn:omnibus:reminder.due:1", data: {} },
    };
    /** What a reader of schedules finds, by its message, due in a day. */
    const scheduled = (bus: Bus, state: "waits" | "cancelled", fields: object = {}): DelayedReader => {
      const event = { ...reminder, time: new Date(bus.clock.nowMs()).toISOString(), ...fields };
      const { id, source, type } = event;
      const message = { topic: "reminders", id, source, type, body: JSON.stringify(event), attributes: {} };
      const dueMs = bus.clock.nowMs() + dayMs;
      return async (isWanted) => (isWanted(message) ? [{ dueMs, state, message }] : []);
    };

    it("puts what waits under the consumer that emitted it, with its time", async () => {
      const bus = keptBus();
      await bus.events({ id: "o-1", ...chain });

      const found = await traced(bus, "o-1", { delayed: scheduled(bus, "waits") });

      expect(found).toMatchObject({ events: 1, delayed: 1 });
      expect(found && traceText(found).split("\n")).toEqual([
        "order.created 2026-11-27T01:30:00.000Z /shop/web o-1 ◀ asked for (not sealed yet)",
        "├─ LockStock: done (not in the journal yet)",
        "│  └─ reminder.due 2026-11-27T01:30:00.000Z /shop/LockStock r-1",
        "│     └─ (waits in a schedule: it is published 2026-11-28T01:30:00Z)",
        "└─ Points: no end is known",
        "",
        "1 event in 0 ms, 1 more due later; consumers: 1 done, 1 unknown",
      ]);
    });

    it("finds the chain of one that only waits, by its own id, and says that it was cancelled", async () => {
      const bus = keptBus();
      await bus.events({ id: "o-1", ...chain });

      const found = await traced(bus, "r-1", { delayed: scheduled(bus, "cancelled") });

      expect(found?.roots).toMatchObject([
        { id: "o-1", consumers: [{ emitted: [{ id: "r-1", asked: true, cancelled: true }] }, {}] },
      ]);
      expect(found && traceText(found)).toContain(
        "(cancelled: it was due 2026-11-28T01:30:00Z, and is never published)",
      );
    });

    it("traces one of which nothing is archived yet", async () => {
      const bus = keptBus();
      const alone = { id: "r-9", correlationid: "r-9", causationid: undefined, source: "/shop/web" };

      const found = await traced(bus, "r-9", { delayed: scheduled(bus, "waits", alone) });

      expect(found).toMatchObject({ events: 0, delayed: 1, roots: [{ id: "r-9", consumers: [] }] });
      expect(await traced(bus, "r-8", { delayed: scheduled(bus, "waits", alone) })).toBeUndefined();
    });

    it("leaves out other chains, and a schedule whose event has been archived", async () => {
      const bus = keptBus();
      await bus.events({ id: "o-1", ...chain }, reminder);
      const other = { correlationid: "o-2" };

      expect(await traced(bus, "o-1", { delayed: scheduled(bus, "waits") })).toMatchObject({
        events: 2,
        delayed: 0,
      });
      expect(
        await traced(bus, "o-1", { delayed: scheduled(bus, "waits", { ...other, id: "r-2" }) }),
      ).toMatchObject({
        delayed: 0,
      });
    });

    it("says of one that was published how much later that was", async () => {
      const bus = keptBus();
      const time = new Date(bus.clock.nowMs()).toISOString();
      await bus.events({ id: "o-1", ...chain });
      await bus.clock.advance(2 * dayMs);
      await bus.events({ ...reminder, time });

      const found = await traced(bus, "o-1");

      expect(found && traceText(found)).toMatch(/reminder.due .* \(not sealed yet\) \(published 2 d later\)/);
    });
  });
});
