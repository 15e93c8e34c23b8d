import { describe, expect, it } from "@jest/globals";
import { archiver } from "../../src/archive/index.ts";
import { eventJson, notified } from "../archive/records.ts";
import { dayMs, hourMs } from "../reconcile/sources/sealed-world.ts";
import { replayWorld } from "./replay-world.ts";

const beginMs = Date.UTC(2026, 0, 1);
const some = (from: number, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, nth) => ({
    id: `o-${String(from + nth).padStart(4, "0")}`,
    timeMs: beginMs + (from + nth) * 1_000,
    ...more,
  }));
const idsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, nth) => `o-${String(from + nth).padStart(4, "0")}`);

/** Forty events of the first hour, sealed, and ten of the second one, which is open. */
async function world() {
  const made = replayWorld();
  await made.archive(some(0, 20));
  await made.archive(some(20, 20));
  await made.seal();
  await made.archive(some(4_000, 10));
  return made;
}

describe("runReplay", () => {
  it("sends what was published in a time, sealed or not, to the consumer's queue and no other", async () => {
    const { replay, taken, ids } = await world();

    const job = await replay({ fromMs: beginMs + 35_000, toMs: beginMs + 4_002_000 });

    expect(job).toMatchObject({ state: "done", counts: { sent: 7, skipped: 0, refused: 0 } });
    expect(ids()).toEqual([...idsOf(35, 40), "o-4000", "o-4001"]);
    expect(new Set(taken.map(({ queue }) => queue))).toEqual(new Set(["shop-LockStock"]));
  });

  it("sends bodies and attributes byte for byte", async () => {
    const { replay, taken, archive } = replayWorld();
    const attributes = {
      land: { Type: "String", Value: 'Ö "quoted" \u2028' },
      raw: { Type: "Binary", Value: "AQL/" },
    };
    await archive([
      { id: "o-1", timeMs: beginMs, data: { text: 'Zoë \u2028 "x" ,"MessageAttributes":{' }, attributes },
    ]);

    await replay({ fromMs: beginMs });

    expect(taken[0]?.MessageBody).toContain('{"text":"Zoë \u2028 \\"x\\" ,\\"MessageAttributes\\":{"}');
    expect(taken[0]?.MessageAttributes).toEqual({
      type: { DataType: "String", StringValue: "order.created" },
      land: { DataType: "String", StringValue: 'Ö "quoted" \u2028' },
      raw: { DataType: "Binary", BinaryValue: "AQL/" },
    });
    expect(taken[0]).not.toHaveProperty("MessageGroupId");
  });

  it("takes no attribute for a message, whatever it is called and however long heads are", async () => {
    const { replay, taken, archive } = replayWorld();
    const attributes = Object.fromEntries(
      ["message", "group", "problem"].map((name) => [name, { Type: "String", Value: `,"message":{${name}` }]),
    );
    const events = Array.from({ length: 12 }, (_, nth) => ({
      ...{ id: "o".repeat(1 + ((nth * 53) % 200)) + nth, timeMs: beginMs + nth, attributes },
      data: { text: `,"message":{"MessageBody":"` },
    }));
    await archive(events);

    await replay({ fromMs: beginMs });

    expect(taken.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    for (const { MessageAttributes } of taken) {
      expect(Object.keys(MessageAttributes ?? {})).toEqual(["type", "message", "group", "problem"]);
    }
  });

  it("sends no line that is no event, and events of a group that stand beside it", async () => {
    const { replay, taken, settings, segments, clock } = replayWorld();
    const publish = archiver(settings, { store: segments.archive.store, clock, sink: () => {} });
    const timestamp = new Date(beginMs).toISOString();
    await publish({
      Records: [
        notified("no event", { timestamp }),
        notified(eventJson({ id: "o-2", time: timestamp }), { timestamp, group: "g-2" }),
        notified(eventJson({ id: "o-3", time: timestamp }), { timestamp }),
      ],
    });

    await replay({ fromMs: beginMs });

    expect(taken.map(({ id, MessageGroupId }) => [id, MessageGroupId])).toEqual([
      ["o-2", "g-2"],
      ["o-3", undefined],
    ]);
  });

  it("leaves out what the ledger knows as done, and sends what died or never ended", async () => {
    const { replay, note, ids } = await world();
    note([
      ...some(0, 30),
      { ...some(30, 1)[0], id: "o-0030", timeMs: beginMs + 30_000, state: "dead" },
      { ...some(31, 1)[0], id: "o-0031", timeMs: beginMs + 31_000, state: "claimed" },
    ]);

    const job = await replay({ fromMs: beginMs, toMs: beginMs + hourMs });

    expect(ids()).toEqual(idsOf(30, 40));
    expect(job.counts).toEqual({ sent: 10, skipped: 30, refused: 0 });
  });

  it("runs done events again under its own id", async () => {
    const { replay, note, taken } = await world();
    note(some(0, 40));

    const job = await replay({ fromMs: beginMs, toMs: beginMs + 5_000 }, { again: true });

    expect(taken.map(({ MessageAttributes }) => MessageAttributes?.omnibus)).toEqual(
      Array.from({ length: 5 }, () => ({
        DataType: "String",
        StringValue: JSON.stringify({ replayId: job.id }),
      })),
    );
    expect(taken[0]?.MessageAttributes?.type).toEqual({ DataType: "String", StringValue: "order.created" });
  });

  it("puts its id in the place of one that somebody has published", async () => {
    const { replay, taken, archive } = replayWorld();
    const attributes = {
      omnibus: { Type: "String", Value: '{"replayId":"old"}' },
      z: { Type: "String", Value: "z" },
    };
    await archive([{ id: "o-1", timeMs: beginMs, attributes }]);

    const job = await replay({ fromMs: beginMs }, { again: true });

    expect(taken[0]?.MessageAttributes).toEqual({
      omnibus: { DataType: "String", StringValue: JSON.stringify({ replayId: job.id }) },
      type: { DataType: "String", StringValue: "order.created" },
      z: { DataType: "String", StringValue: "z" },
    });
  });

  it("sends no more in a second than it may, evenly", async () => {
    const { replay, taken } = await world();

    await replay({ fromMs: beginMs, toMs: beginMs + hourMs }, { perSecond: 10 });

    const [first] = taken;
    expect(taken.map(({ atMs }) => (atMs - (first?.atMs ?? 0)) / 200)).toEqual(
      Array.from({ length: 40 }, (_, nth) => Math.floor(nth / 2)),
    );
  });

  it("begins and ends at offsets", async () => {
    const { replay, ids } = await world();

    await replay({ from: "2026-01-01-00-00/0/7", to: "2026-01-01-00-00/0/9" });
    await replay({ from: "2026-01-01-00-00/0/38" });

    expect(ids()).toEqual([...idsOf(7, 9), ...idsOf(38, 40), ...idsOf(4_000, 4_010)]);
  });

  it("sends what the consumer's filters let through, and what else is asked for", async () => {
    const { replay, ids, archive } = replayWorld();
    const land = (value: string) => ({ attributes: { land: { Type: "String", Value: value } } });
    await archive([
      ...some(0, 2, land("DE")),
      ...some(2, 2, land("FR")),
      ...some(4, 1, { ...land("DE"), type: "order.paid" }),
      ...some(5, 1, { ...land("DE"), topic: "other" }),
    ]);

    const filters = { orders: { type: ["order.created", "order.paid"], land: ["DE"] } };
    await replay({ fromMs: beginMs, filters });
    await replay({ fromMs: beginMs, filters, type: ["order.p*"] });

    expect(ids()).toEqual(["o-0000", "o-0001", "o-0004", "o-0004"]);
  });

  it("keeps groups, and orders an ordered queue by them, each message under a name of its own", async () => {
    const made = replayWorld();
    await made.archive(some(0, 2));

    await made.replay({ fromMs: beginMs }, { fifo: true, queue: "shop-LockStock.fifo" });
    await made.replay({ fromMs: beginMs }, { fifo: true, queue: "shop-LockStock.fifo" });

    expect(made.taken.map(({ MessageGroupId }) => MessageGroupId)).toEqual(
      ["o-0000", "o-0001", "o-0000", "o-0001"].map((id) => `/shop/${id}`),
    );
    expect(new Set(made.taken.map(({ MessageDeduplicationId }) => MessageDeduplicationId)).size).toBe(4);
  });

  it("stops when it is told to, and goes on behind what was sent", async () => {
    const { make, run, clock, ids, store } = await world();
    const { id } = await make({ fromMs: beginMs }, { perSecond: 5 });
    const stop = new AbortController();
    clock.after(3_100, () => stop.abort());

    const stopped = await clock.until(run(id, { signal: stop.signal }));
    const sentBefore = ids().length;
    const done = await clock.until(run(id));

    expect(stopped).toMatchObject({ state: "stopped", counts: { sent: sentBefore } });
    expect(done).toMatchObject({ state: "done", counts: { sent: 50 } });
    expect(ids()).toEqual([...idsOf(0, 40), ...idsOf(4_000, 4_010)]);
    expect((await store.list())[0]).toMatchObject({ heldUntilMs: 0, job: { state: "done" } });
  });

  it("goes on in a span that has been sealed meanwhile", async () => {
    const { make, run, clock, ids, seal } = await world();
    const { id } = await make({ fromMs: beginMs }, { perSecond: 1 });
    const stop = new AbortController();
    clock.after(45_500, () => stop.abort());
    await clock.until(run(id, { signal: stop.signal }));
    const sentBefore = ids().length;
    await seal();

    await clock.until(run(id));

    expect(sentBefore).toBeGreaterThan(40);
    expect(ids()).toEqual([...idsOf(0, 40), ...idsOf(4_000, 4_010)]);
  });

  it("ends when it is cancelled elsewhere, and cannot be gone on with", async () => {
    const { make, run, clock, ids, store } = await world();
    const { id } = await make({ fromMs: beginMs }, { perSecond: 1 });
    clock.after(10_000, () => void store.cancel(id));

    const job = await clock.until(run(id));

    expect(job.state).toBe("cancelled");
    expect(ids().length).toBeLessThan(15);
    await expect(run(id)).rejects.toThrow("was cancelled");
    expect(await store.cancel("20260101-000000-000000")).toBe(false);
  });

  it("is in one hand at a time, and in the next one's when that is gone", async () => {
    const { make, run, clock, ids } = await world();
    const { id } = await make({ fromMs: beginMs, toMs: beginMs + hourMs }, { perSecond: 10 });
    const first = run(id);
    await clock.advance(1_000);

    await expect(run(id)).rejects.toThrow("is running elsewhere");
    await clock.until(first);

    expect(ids()).toEqual(idsOf(0, 40));
    await expect(run("nope")).rejects.toThrow("there is no replay nope");
  });

  it("tells what a queue would not take, and sends the rest", async () => {
    const { make, run, clock, parts, ids } = await world();
    const { id } = await make({ fromMs: beginMs, toMs: beginMs + hourMs });
    let calls = 0;
    const queue: typeof parts.queue = {
      async send(name, batch) {
        calls++;
        if (calls === 1) return [{ index: 2, code: "InvalidMessage", message: "no", retryable: false }];
        if (calls === 2) return [{ index: 0, code: "Busy", message: "later", retryable: true }];
        return parts.queue.send(name, batch);
      },
    };

    const job = await clock.until(run(id, { queue }));

    expect(job).toMatchObject({ state: "done", counts: { sent: 39, refused: 1 } });
    expect(job.problems).toEqual(["refused by shop-LockStock: InvalidMessage: no"]);
    // The first of the second batch went again alone.
    expect(ids()[0]).toBe("o-0010");
  });

  it("can be gone on with when the queue was not to be reached", async () => {
    const { make, run, clock, parts, ids, store } = await world();
    const { id } = await make({ fromMs: beginMs, toMs: beginMs + hourMs }, { perSecond: 5 });
    let calls = 0;
    const queue: typeof parts.queue = {
      async send(name, batch) {
        if (++calls === 8) throw new Error("socket hang up");
        return parts.queue.send(name, batch);
      },
    };

    await expect(clock.until(run(id, { queue }))).rejects.toThrow("socket hang up");
    expect((await store.list())[0]?.job).toMatchObject({ state: "stopped", problems: ["socket hang up"] });
    const job = await clock.until(run(id));

    expect(job).toMatchObject({ state: "done", counts: { sent: 40 } });
    expect(ids()).toEqual(idsOf(0, 40));
  });
});

describe("surveyReplay", () => {
  it("counts what is selected, shows the first few, and what the ledger knows of them", async () => {
    const { survey, note, clock } = await world();
    note([
      ...some(0, 10),
      { ...some(10, 1)[0], id: "o-0010", timeMs: beginMs, state: "dead" },
      { ...some(11, 1)[0], id: "o-0011", timeMs: beginMs, state: "released" },
    ]);

    const now = await survey({ fromMs: beginMs });
    await clock.advance(60 * dayMs - hourMs);
    const later = await survey({ fromMs: beginMs });

    expect(now).toMatchObject({ selected: 50, done: 10, dead: 1, begun: 1, beyond: 0 });
    expect(now).toMatchObject({ types: { "order.created": 50 }, first: "2026-01-01T00:00:00.000Z" });
    expect(now.sample.map(({ id, offset }) => [id, offset])).toEqual(
      Array.from({ length: 5 }, (_, nth) => [`o-000${nth}`, `2026-01-01-00-00/0/${nth}`]),
    );
    expect(later.beyond).toBe(28);
    expect(await survey({ fromMs: beginMs, type: ["order.paid"] })).toMatchObject({
      selected: 0,
      sample: [],
    });
  });
});
