import { describe, expect, it } from "@jest/globals";
import { cancelledText, delayedLookText, delayedText, queuedText } from "../../../cli/delayed-text.ts";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";
import { cancelDelayed, listDelayed } from "../../../ops/delayed/index.ts";
import type { WireMessage } from "../../../src/contract/index.ts";
import { delayKeyOf, encodeDelayed, inMemoryDelays } from "../../../src/delay/index.ts";
import { delayScheduleName } from "../../../src/names.ts";

const hourMs = 3_600_000;
const source = "/shop/reminders";

function messageOf(id: string, more: Partial<WireMessage> = {}): WireMessage {
  const body = JSON.stringify({ id, data: { text: "hello\n" } });
  return { topic: "reminders", id, source, type: "reminder.due", body, attributes: { n: 1 }, ...more };
}

/** A bus whose schedules wait for events: by id, in so many hours. */
async function world(hours: Readonly<Record<string, number>>) {
  const clock = virtualClock();
  const delays = inMemoryDelays({ clock });
  const handed: string[] = [];
  delays.receive(async (body) => {
    handed.push(body);
  });
  const schedule = (message: WireMessage, atMs: number, bus = "shop") =>
    delays.schedules.put(delayScheduleName(bus, delayKeyOf(message)), atMs, encodeDelayed(message, atMs));
  const atMs = (id: string) => clock.nowMs() + (hours[id] ?? 0) * hourMs;
  for (const id of Object.keys(hours)) await schedule(messageOf(id), atMs(id));
  return { ...{ clock, delays, handed, schedule }, bus: { bus: "shop", ...delays, clock } };
}

describe("listDelayed", () => {
  it("tells what waits, the first due first, and what was cancelled", async () => {
    const { bus, delays, clock } = await world({ late: 48, soon: 3, never: 5 });
    await delays.states.decide(delayKeyOf({ source, id: "never" }), "cancelled", Number.POSITIVE_INFINITY);

    const list = await listDelayed(bus);

    expect(list.unreadable).toEqual([]);
    expect(list.delayed.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "soon waits",
      "never cancelled",
      "late waits",
    ]);
    expect(list.delayed[0]).toMatchObject({
      ...{ source, type: "reminder.due", topic: "reminders" },
      dueMs: clock.nowMs() + 3 * hourMs,
    });
    const text = delayedText(list, clock.nowMs());
    expect(text).toMatch(/3 h +reminder.due +soon +\/shop\/reminders$/m);
    expect(text).toMatch(/never .* cancelled: dropped when it is due$/m);
    expect(text).not.toContain("hello");
  });

  it("leaves out another bus's, also where its name goes on", async () => {
    const { bus, schedule, clock } = await world({ ours: 1 });
    const atMs = clock.nowMs() + hourMs;
    await schedule(messageOf("theirs"), atMs, "shopdev");
    await schedule(messageOf("others"), atMs, "bank");

    expect((await listDelayed(bus)).delayed.map(({ id }) => id)).toEqual(["ours"]);
  });

  it("says which schedule holds no event, and tells the others", async () => {
    const { bus, delays, clock } = await world({ ours: 1 });
    const name = delayScheduleName("shop", "f".repeat(32));
    await delays.schedules.put(name, clock.nowMs() + hourMs, '{"v":9}');

    const list = await listDelayed(bus);

    expect(list.delayed).toHaveLength(1);
    expect(list.unreadable).toEqual([
      { schedule: name, problem: expect.stringContaining("no delayed event") },
    ]);
    expect(delayedText(list, clock.nowMs())).toContain(`${name}: the message is no delayed event`);
  });

  it("passes over one that runs while it is looked at", async () => {
    const { bus, delays } = await world({ runs: 1, stays: 2 });
    const runs = delayScheduleName("shop", delayKeyOf({ source, id: "runs" }));
    const read = async (name: string) => (name === runs ? undefined : delays.kept.read(name));

    const list = await listDelayed({ ...bus, kept: { ...delays.kept, read } });

    expect(list.delayed.map(({ id }) => id)).toEqual(["stays"]);
  });

  it("shows one with all that it is sent with, and no line break or control of its own", async () => {
    const { bus, clock } = await world({ one: 1, other: 1 });

    const { delayed } = await listDelayed(bus, { isWanted: ({ id }) => id === "one" });

    expect(delayed.map(({ id }) => id)).toEqual(["one"]);
    const text = delayed.map((look) => delayedLookText(look, clock.nowMs())).join("");
    expect(text).toContain('body       │ {"id":"one","data":{"text":"hello\\n"}}');
    expect(text).toContain("attributes n = 1");
  });
});

describe("cancelDelayed", () => {
  it("keeps an event from being sent, takes its schedule away, and answers the same again", async () => {
    const { bus, delays, clock, handed } = await world({ one: 2, other: 1 });

    const first = await cancelDelayed(bus, { source, id: "one" });
    const second = await cancelDelayed(bus, { source, id: "one" });
    await clock.advance(3 * hourMs);

    expect([first, second]).toEqual([
      { state: "cancelled", unscheduled: true },
      { state: "cancelled", unscheduled: false },
    ]);
    expect(handed).toHaveLength(1);
    expect(delays.waiting).toBe(0);
    expect(cancelledText("one", first)).toContain("its schedule is gone");
    expect(cancelledText("one", second)).toContain("no schedule waits for it");
  });

  it("says when it was too late, and takes nothing away then", async () => {
    const { bus, delays } = await world({ one: 2 });
    await delays.states.decide(delayKeyOf({ source, id: "one" }), "sent", Number.POSITIVE_INFINITY);

    const cancelled = await cancelDelayed(bus, { source, id: "one" });

    expect(cancelled).toEqual({ state: "sent", unscheduled: false });
    expect(delays.scheduled).toHaveLength(1);
    expect(cancelledText("one", cancelled)).toBe("one: too late: it was sent");
  });

  it("decides before it takes away: where the decision fails, the event is sent in time", async () => {
    const { bus, delays, clock, handed } = await world({ one: 2 });
    const decide = async () => {
      throw new Error("no network");
    };

    const cancelling = cancelDelayed({ ...bus, states: { ...delays.states, decide } }, { source, id: "one" });

    await expect(cancelling).rejects.toThrow("no network");
    await clock.advance(3 * hourMs);
    expect(handed).toHaveLength(1);
  });
});

describe("what lies in the queue", () => {
  it("is counted, and what could not be passed on is told only where there is some", () => {
    expect(queuedText("shop", { soon: 1, dead: 0 })).toBe(
      "shop-delayed: about 1 message, due within 15 minutes",
    );
    expect(queuedText("shop", { soon: 0, dead: 2 })).toContain("shop-delayed-dead: 2 messages");
  });
});
