import { describe, expect, it } from "@jest/globals";
import type { VirtualClock } from "../../local/testing/virtual-clock.ts";
import type { Handler, SqsRecord } from "../../src/consume/index.ts";
import { PermanentError } from "../../src/errors.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import {
  beginRelease,
  inMemoryParked,
  type ParkedStore,
  releaseMessage,
  releaseOf,
} from "../../src/parking/index.ts";
import {
  again,
  type ConsumerWorld,
  consumerWorld,
  failures,
  order,
  type orderCreated,
  record,
} from "../helpers/consumer-world.ts";

const settings = { fifo: true, onPoison: "park" } as const;
const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });
/** `a1` is in group a. */
const one = (id: string) => record(order({ id }), { group: id[0] ?? "" });
const several = (...ids: string[]) => ids.map(one);
const packed = (...ids: string[]) =>
  record(JSON.stringify(ids.map((id) => JSON.parse(order({ id }).body))), { group: ids[0]?.[0] ?? "" });

/** A consumer that parks, and what it ran. Poison is what stands in `poison` at that moment. */
function parking(more: { handler?: Handler<typeof orderCreated>; store?: ParkedStore } = {}) {
  const ran: string[] = [];
  const poison = new Set<string>();
  const failing = new Set<string>();
  const store = more.store ?? inMemoryParked();
  const world = consumerWorld(
    async (event, context) => {
      ran.push(event.id);
      if (poison.has(event.id)) throw new PermanentError(`never ${event.id}`);
      if (failing.has(event.id)) throw new Error(`not yet ${event.id}`);
      await more.handler?.(event, context);
    },
    { settings, parts: { parkedStore: store } },
  );
  const marker = async (group = "a") => (await store.read("LockStock", [group])).get(group);
  const line = async (group = "a") =>
    (await store.line("LockStock", group, 1, 99)).map(({ message }) => idsOf(message.body));
  const release = async (group = "a", { withPoison = false, id = "r-1" } = {}): Promise<SqsRecord> => {
    const before = await marker(group);
    const change = before && beginRelease(before, { id, nowMs: world.clock.nowMs(), withPoison });
    if (change) await store.change(change);
    return releaseRecord(group, id);
  };
  return { world, ran, poison, failing, store, marker, line, release };
}

function releaseRecord(group: string, id: string): SqsRecord {
  return record(releaseMessage(group, { id, place: 1 }).body, { group });
}

function idsOf(body: string): string {
  const value = JSON.parse(body) as { id: string } | readonly { id: string }[];
  return [value]
    .flat()
    .map(({ id }) => id)
    .join("+");
}

/** The release messages that the consumer has sent itself, as records. */
function sentReleases({ queues }: ConsumerWorld): readonly SqsRecord[] {
  return queues.sent.map(({ body, groupId = "" }) => record(body, { group: groupId }));
}

describe("consume, parking", () => {
  it("parks a group behind a dead event: what follows joins the line, other groups go on", async () => {
    const { world, ran, poison, marker, line } = parking();
    poison.add("a2");

    const response = await world.deliver(several("a1", "b1", "a2", "a3", "b2", "a4"));

    expect(failures(response)).toEqual([]);
    expect(ran.sort()).toEqual(["a1", "a2", "b1", "b2"]);
    expect(await line()).toEqual(["a2", "a3", "a4"]);
    expect(await marker()).toMatchObject({
      first: 1,
      tail: 3,
      poison: { id: "a2", type: "order.created", reason: "permanent", attempts: 1 },
      release: undefined,
    });
    expect(await marker("b")).toBeUndefined();
    expect(world.queues.deadLetters.map(({ body }) => idsOf(body))).toEqual(["a2"]);
    expect(world.ledger.items.get(keyOf("a2"))).toMatchObject({ state: "dead" });
    expect(world.ledger.items.get(keyOf("a3"))).toMatchObject({ state: "released", attempts: 0 });
  });

  it("tells what became of each, and counts it", async () => {
    const { world, poison } = parking();
    poison.add("a1");

    await world.deliver(several("a1", "a2"));

    expect(world.lines).toContainEqual(
      expect.objectContaining({ level: "warn", outcome: "parked", id: "a2", type: "order.created" }),
    );
    expect(world.lines.at(-1)).toMatchObject({ DeadLettered: 1, Parked: 1, Handled: 0 });
  });

  it("keeps every later batch of the group in line, without a claim", async () => {
    const { world, ran, poison, line } = parking();
    poison.add("a1");
    await world.deliver(several("a1", "a2"));

    const response = await world.deliver(several("a3", "b1", "a4"));

    expect(failures(response)).toEqual([]);
    expect(ran).toEqual(["a1", "b1"]);
    expect(await line()).toEqual(["a1", "a2", "a3", "a4"]);
    expect(world.ledger.items.has(keyOf("a3"))).toBe(false);
  });

  it("skips where it is not told to park", async () => {
    const ran: string[] = [];
    const world = consumerWorld(
      (event) => {
        ran.push(event.id);
        if (event.id === "a1") throw new PermanentError("never");
      },
      { settings: { fifo: true, onPoison: "skip" } },
    );

    await world.deliver(several("a1", "a2"));

    expect(ran).toEqual(["a1", "a2"]);
  });

  it("parks behind what cannot be read, and what is used up", async () => {
    const { world, failing, marker, line } = parking();
    failing.add("b1");
    await world.deliver([record("{", { group: "a" }), one("a1"), one("b1")]);
    let last = one("b1");
    for (let receive = 2; receive <= 5; receive++) last = again(last);

    for (let receive = 2; receive <= 5; receive++) await world.deliver([last, one("b2")]);

    expect((await marker())?.poison).toMatchObject({ reason: "bad-json" });
    expect((await marker())?.poison).not.toHaveProperty("id");
    expect(await marker("b")).toMatchObject({ poison: { id: "b1", reason: "attempts-exhausted" }, tail: 2 });
    expect((await line("b"))[0]).toBe("b1");
  });

  it("lets one of a group die at a time: what is dead behind it waits as well, and is buried when its turn comes", async () => {
    const { world, poison, line, release, marker } = parking();
    poison.add("a1");
    await world.deliver([one("a1"), record('{"id":"bad"}', { group: "a" }), one("a2")]);
    expect(world.queues.deadLetters).toHaveLength(1);
    expect(await line()).toEqual(["a1", "bad", "a2"]);

    await world.deliver([await release()]);

    expect(world.queues.deadLetters.map(({ body }) => idsOf(body))).toEqual(["a1", "bad"]);
    expect((await marker())?.poison).toMatchObject({ reason: "bad-envelope" });
    expect(await line()).toEqual(["bad", "a2"]);
  });

  it("buries nothing that stands behind an event that must come again", async () => {
    const { world, failing, marker } = parking();
    failing.add("a1");
    const [first, bad] = [one("a1"), record("{", { group: "a" })];

    const response = await world.deliver([first, bad]);

    expect(failures(response)).toEqual([first.messageId, bad.messageId]);
    expect(world.queues.deadLetters).toEqual([]);
    expect(await marker()).toBeUndefined();
  });

  it("knows a message again that has joined, should the batch come again", async () => {
    const { world, poison, line } = parking();
    poison.add("a1");
    const records = several("a1", "a2", "a3");
    await world.deliver(records);

    await world.deliver(records.map(again));
    await world.deliver([...records.slice(2).map(again), one("a4")]);

    expect(await line()).toEqual(["a1", "a2", "a3", "a4"]);
  });

  it("runs nothing of the batch when the table does not answer, and counts no attempt", async () => {
    const { ran, store, world } = parking();
    const away = world.sibling(() => {}, {
      parkedStore: { ...store, read: () => Promise.reject(new Error("away")) },
    });
    const records = [one("a1"), record("{", { group: "b" }), releaseRecord("c", "r")];

    const response = await away.deliver(records);

    expect([...failures(response)].sort()).toEqual(records.map(({ messageId }) => messageId).sort());
    expect(ran).toEqual([]);
    expect(world.queues.deadLetters).toEqual([]);
    expect(world.ledger.items.size).toBe(0);
    expect(world.queues.delayed).toHaveLength(3);
  });

  it("brings all of a group again when the table does not take it, the dead one too", async () => {
    const store = inMemoryParked();
    let isAway = true;
    const { world, poison, line, ran } = parking({
      store: {
        ...store,
        change: (change) => (isAway ? Promise.reject(new Error("away")) : store.change(change)),
      },
    });
    poison.add("a1");
    const records = several("a1", "a2", "b1");

    const first = await world.deliver(records);
    isAway = false;
    const second = await world.deliver(records.slice(0, 2).map(again));

    expect(failures(first)).toEqual([records[0]?.messageId, records[1]?.messageId]);
    expect(failures(second)).toEqual([]);
    expect(await line()).toEqual(["a1", "a2"]);
    expect(ran.filter((id) => id === "a2")).toEqual([]);
  });

  it("parks nothing when the dead-letter queue does not take the poison", async () => {
    const { world, poison, marker } = parking();
    poison.add("a1");
    world.queues.refuseDeadLetters(true);
    const records = several("a1", "a2");

    const response = await world.deliver(records);

    expect(failures(response)).toEqual(records.map(({ messageId }) => messageId));
    expect(await marker()).toBeUndefined();
    expect(world.ledger.items.get(keyOf("a2"))).toMatchObject({ state: "released", attempts: 0 });
  });

  it("keeps what follows in a packed message with its poison, and handles the rest of it at the release", async () => {
    const { world, ran, poison, line, release, marker } = parking();
    poison.add("a2");
    await world.deliver([packed("a1", "a2", "a3"), one("a4")]);
    expect(ran).toEqual(["a1", "a2"]);
    expect(await line()).toEqual(["a1+a2+a3", "a4"]);

    await world.deliver([await release()]);

    expect(ran).toEqual(["a1", "a2", "a3", "a4"]);
    expect(await marker()).toBeUndefined();
    expect(world.queues.deadLetters.map(({ body }) => idsOf(body))).toEqual(["a2"]);
  });

  it("acknowledges nothing that it has not written, when a handler does not stop in time", async () => {
    const { world, store, marker } = parking({
      handler: (event) => (event.id === "b1" ? new Promise(() => {}) : undefined),
    });
    await store.change(parkedBy("a", 1));
    await store.change(parkedBy("b", 1));
    const change = beginRelease((await marker("b")) as never, { id: "r-1", nowMs: 0, withPoison: true });
    if (change) await store.change({ ...change, put: [{ place: 1, message: stored("b1") }] });
    const records = [releaseRecord("b", "r-1"), one("b2"), one("a2")];

    const response = await world.deliver(records);

    expect(world.ends()).toBe(1);
    expect([...failures(response)].sort()).toEqual([records[0]?.messageId, records[1]?.messageId].sort());
    expect((await marker())?.tail).toBe(2);
    expect((await marker("b"))?.tail).toBe(1);
  });
});

function stored(id: string) {
  return { messageId: `m-${id}`, body: order({ id }).body, attributes: {}, messageAttributes: {} };
}

function parkedBy(group: string, tail: number) {
  const poison = { key: "k", reason: "permanent", attempts: 1, diedAtMs: 0 };
  const base = { consumer: "LockStock", group };
  return {
    ...base,
    from: 0,
    to: { ...base, revision: 1, first: 1, tail, sinceMs: 0, poison, recent: [], release: undefined },
    put: [],
    remove: [],
  };
}

describe("consume, releasing", () => {
  /** Group a behind a1, with this many followers. */
  const parkedWith = async (followers: number, more: Parameters<typeof parking>[0] = {}) => {
    const all = parking(more);
    all.poison.add("a1");
    const ids = Array.from({ length: followers }, (_, index) => `a${index + 2}`);
    await all.world.deliver(several("a1"));
    for (let at = 0; at < ids.length; at += 9) await all.world.deliver(several(...ids.slice(at, at + 9)));
    all.ran.length = 0;
    return { ...all, ids };
  };
  const drain = async (world: ConsumerWorld) => {
    for (let at = 0; at < world.queues.sent.length; at++) {
      await world.deliver([sentReleases(world)[at] as SqsRecord]);
    }
  };

  it("handles the line in order and removes the marker at its end; the poison is left out", async () => {
    const { world, ran, release, marker, line, ids } = await parkedWith(4);

    const response = await world.deliver([await release(), one("b1")]);

    expect(failures(response)).toEqual([]);
    expect(ran.filter((id) => id !== "b1")).toEqual(ids);
    expect(await marker()).toBeUndefined();
    expect(await line()).toEqual([]);
    expect(world.queues.sent).toEqual([]);
    expect(world.ledger.items.get(keyOf("a1"))).toMatchObject({ state: "dead" });
    await world.deliver(several("a9"));
    expect(ran.at(-1)).toBe("a9");
  });

  it("handles the poison first, when told so, with all its attempts", async () => {
    const { world, ran, poison, release, ids, marker } = await parkedWith(2);
    poison.clear();

    await world.deliver([await release("a", { withPoison: true })]);

    expect(ran).toEqual(["a1", ...ids]);
    expect(await marker()).toBeUndefined();
    expect(world.ledger.items.get(keyOf("a1"))).toMatchObject({ state: "done", attempts: 1 });
  });

  it("goes on by a message to itself where the line is longer than one batch", async () => {
    const { world, ran, release, marker, ids } = await parkedWith(60);

    await world.deliver([await release()]);
    expect(world.queues.sent).toMatchObject([
      {
        queueArn: expect.stringContaining(":shop-LockStock.fifo"),
        groupId: "a",
        deduplicationId: "release-r-1-26",
      },
    ]);
    expect(releaseOf(world.queues.sent[0]?.body ?? "")).toBe("r-1");
    await drain(world);

    expect(ran).toEqual(ids);
    expect(await marker()).toBeUndefined();
  });

  it("lets what comes meanwhile join behind, and handles it in its turn", async () => {
    const { world, ran, release, marker } = await parkedWith(2);

    await world.deliver([one("a7"), await release(), one("a8")]);
    expect(ran).toEqual(["a2", "a3"]);
    await drain(world);

    expect(ran).toEqual(["a2", "a3", "a7", "a8"]);
    expect(await marker()).toBeUndefined();
  });

  it("parks again behind what dies in the line, and says so", async () => {
    const { world, ran, poison, release, marker, line } = await parkedWith(4);
    poison.add("a4");

    const response = await world.deliver([await release()]);

    expect(failures(response)).toEqual([]);
    expect(ran).toEqual(["a2", "a3", "a4"]);
    expect(await line()).toEqual(["a4", "a5"]);
    expect(await marker()).toMatchObject({ first: 4, tail: 5, poison: { id: "a4" }, release: undefined });
    expect(world.queues.deadLetters.map(({ body }) => idsOf(body))).toEqual(["a1", "a4"]);
    await world.deliver([await release("a", { id: "r-2" })]);
    expect(ran.at(-1)).toBe("a5");
  });

  it("gives a letter of a second death a deduplication id of its own", async () => {
    const { world, release } = await parkedWith(1);

    await world.deliver([await release("a", { withPoison: true })]);

    const ids = world.queues.deadLetters.map(({ deduplicationId }) => deduplicationId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  it("waits for what fails in the line: its release message comes again after its delay", async () => {
    const { world, ran, failing, release, marker, line } = await parkedWith(3);
    failing.add("a3");
    const message = await release();

    const first = await world.deliver([message]);

    expect(failures(first)).toEqual([message.messageId]);
    expect(world.queues.delayed.at(-1)).toMatchObject({
      receiptHandle: message.receiptHandle,
      delaySeconds: 1,
    });
    expect(await line()).toEqual(["a3", "a4"]);
    expect(world.ledger.items.get(keyOf("a4"))).toMatchObject({ state: "released", attempts: 0 });
    failing.clear();
    expect(failures(await world.deliver([again(message)]))).toEqual([]);
    expect(ran).toEqual(["a2", "a3", "a3", "a4"]);
    expect(await marker()).toBeUndefined();
  });

  it("goes on with a new message where it has run out of time, not with an older one", async () => {
    const { world, ran, release, line } = await parkedWith(4, {
      handler: () => new Promise<void>((resolve) => clock.after(2_500, resolve)),
    });
    const { clock }: { clock: VirtualClock } = world;

    const response = await world.deliver([await release()], { remainingMs: 5_900 });

    expect(failures(response)).toEqual([]);
    expect(ran).toEqual(["a2", "a3"]);
    expect(await line()).toEqual(["a4", "a5"]);
    await drain(world);
    expect(ran).toEqual(["a2", "a3", "a4", "a5"]);
  });

  it("handles nothing twice when the release message comes twice", async () => {
    const { world, ran, release, ids } = await parkedWith(30);
    const message = await release();

    await world.deliver([message, releaseRecord("a", "r-1")]);
    await world.deliver([again(message)]);
    await drain(world);

    expect(ran).toEqual(ids);
  });

  it("does nothing for the message of an earlier release, or of none", async () => {
    const { world, ran, poison, release, marker } = await parkedWith(3);
    poison.add("a2");
    await world.deliver([await release()]);
    ran.length = 0;

    const response = await world.deliver([releaseRecord("a", "r-1"), releaseRecord("b", "r-9")]);

    expect(failures(response)).toEqual([]);
    expect(ran).toEqual([]);
    expect((await marker())?.poison.id).toBe("a2");
  });

  it("takes an event that stands in the line and comes once more for a duplicate, in its old place", async () => {
    const { world, ran, release, marker } = await parkedWith(3);

    const response = await world.deliver([one("a2"), await release(), one("a1")]);
    await drain(world);

    expect(failures(response)).toEqual([]);
    // The poison came again while it is left out: it is an event like others, behind the line.
    expect(ran).toEqual(["a2", "a3", "a4", "a1"]);
    expect(await marker()).toMatchObject({ poison: { id: "a1" }, first: 5, tail: 5 });
  });

  it("lets a poison that is sent back by hand run before all that waits behind it", async () => {
    const { world, ran, poison, release, marker, line } = await parkedWith(2);

    const dies = await world.deliver(several("a1", "a9"));
    expect(failures(dies)).toEqual([]);
    expect(await line()).toEqual(["a1", "a2", "a3", "a9"]);
    poison.clear();
    await world.deliver(several("a1"));
    expect(ran).toEqual(["a1", "a1"]);
    await world.deliver([await release("a", { withPoison: true })]);

    expect(ran).toEqual(["a1", "a1", "a2", "a3", "a9"]);
    expect(await marker()).toBeUndefined();
  });

  it("stays parked, and its message comes again, when the next one cannot be sent", async () => {
    const { world, release, marker, store } = await parkedWith(30);
    const message = await release();
    const mute = world.sibling(() => {}, {
      parkedStore: store,
      queues: { ...world.queues, send: async (_, messages) => messages.map(() => false) },
    });

    const response = await mute.deliver([message]);

    expect(failures(response)).toEqual([message.messageId]);
    expect((await marker())?.first).toBe(26);
  });

  it("handles what was handled before as done, when the head could not be moved on", async () => {
    const { world, ran, release, store, marker } = await parkedWith(2);
    const message = await release();
    const once = world.sibling(
      (event) => {
        ran.push(event.id);
      },
      { parkedStore: { ...store, change: () => Promise.reject(new Error("away")) } },
    );

    const first = await once.deliver([message]);
    const second = await world.deliver([again(message)]);

    expect([failures(first), failures(second)]).toEqual([[message.messageId], []]);
    expect(ran).toEqual(["a2", "a3"]);
    expect(await marker()).toBeUndefined();
  });

  it("works in every mode", async () => {
    for (const mode of ["record", "none"] as const) {
      const store = inMemoryParked();
      const ran: string[] = [];
      const world = consumerWorld(
        (event) => {
          ran.push(event.id);
          if (event.id === "a1") throw new PermanentError("never");
        },
        { settings: { ...settings, mode }, parts: { parkedStore: store } },
      );
      await world.deliver(several("a1", "a2", "a3"));
      const before = (await store.read("LockStock", ["a"])).get("a");
      const change = before && beginRelease(before, { id: "r-1", nowMs: 0, withPoison: false });
      if (change) await store.change(change);

      await world.deliver([releaseRecord("a", "r-1")]);

      expect(ran).toEqual(["a1", "a2", "a3"]);
      expect((await store.read("LockStock", ["a"])).size).toBe(0);
    }
  });
});
