import { describe, expect, it } from "@jest/globals";
import { cancelReplay } from "../../../src/replay/index.ts";
import { mortality } from "../../helpers/mortal.ts";
import { beginMs, fleetWorld, idsOf, keyOf } from "./fleet-world.ts";

const members = [0, 1, 2, 3];

describe("runMember", () => {
  it("sends, with others, each selected event once, and no other", async () => {
    const { makeFleet, member, clock, ids, state } = await fleetWorld();
    const { id, fleet } = await makeFleet({ fromMs: beginMs + 10_000, toMs: beginMs + 130_000 });

    const ends = await clock.until(Promise.all(members.map((nth) => member(id, nth))));

    expect(fleet).toEqual({ members: 4, parts: 15 });
    expect(ids().toSorted()).toEqual(idsOf(10, 130));
    expect(ends[0]).toBe("done");
    expect(ends.filter((end) => end !== "done" && end !== "left")).toEqual([]);
    expect(await state(id)).toMatchObject({
      heldUntilMs: 0,
      job: { state: "done", counts: { sent: 120, skipped: 0, refused: 0 } },
    });
  });

  it("keeps one rate together, and uses it", async () => {
    const { makeFleet, member, clock, taken, mostInASecond } = await fleetWorld({ sealed: 400, open: 0 });
    const { id } = await makeFleet({ fromMs: beginMs }, { perSecond: 40 }, { fewest: 100 });

    await clock.until(Promise.all(members.map((nth) => member(id, nth))));

    const tookMs = (taken.at(-1)?.atMs ?? 0) - (taken[0]?.atMs ?? 0);
    expect(mostInASecond()).toBe(40);
    expect(400 / (tookMs / 1_000)).toBeGreaterThan(36);
  });

  it("sends nothing that the ledger knows as done", async () => {
    const { makeFleet, member, clock, ids, note, state } = await fleetWorld();
    note(idsOf(0, 100).map((id) => ({ id, source: "/shop/web", timeMs: beginMs })));
    const { id } = await makeFleet({ fromMs: beginMs });

    await clock.until(Promise.all(members.map((nth) => member(id, nth))));

    expect(ids().toSorted()).toEqual(idsOf(100, 144));
    expect((await state(id)).job.counts).toEqual({ sent: 44, skipped: 100, refused: 0 });
  });

  it.each([1, 2, 3, 5, 8, 13, 21, 34])(
    "loses nothing when members die at every %ith step, and sends one batch twice at most for each of them",
    async (every) => {
      const { makeFleet, mortalMember, clock, ids, all, mostInASecond, state, taken } = await fleetWorld();
      const { id } = await makeFleet({ fromMs: beginMs }, { perSecond: 20, again: true });
      // Those who come later live: a death at each step would never end.
      const mortal = mortality((call) =>
        call < 150 && call % (every + 30) === 30 ? (call % 2 === 0 ? "dies-after" : "dies-before") : "lives",
      );

      await clock.until(Promise.all(members.map((nth) => mortalMember(id, nth, mortal))));

      expect(mortal.deaths).toBeGreaterThanOrEqual(2);
      expect([...new Set(ids())].toSorted()).toEqual(all);
      expect(taken.length - all.length).toBeLessThanOrEqual(4 * mortal.deaths);
      expect(mostInASecond()).toBeLessThanOrEqual(20);
      expect((await state(id)).job.state).toBe("done");
      // Whoever sends it: it is one replay, so that the ledger knows what it was sent twice.
      expect(new Set(taken.map(({ MessageAttributes }) => MessageAttributes?.omnibus?.StringValue))).toEqual(
        new Set([JSON.stringify({ replayId: id })]),
      );
    },
  );

  it("takes over what a member that died was at, when its lease has ended", async () => {
    const { makeFleet, mortalMember, member, clock, ids, all } = await fleetWorld();
    const { id } = await makeFleet({ fromMs: beginMs }, { perSecond: 20 });
    const mortal = mortality((call) => (call === 12 ? "dies-after" : "lives"));
    void mortalMember(id, 1, mortal);
    await clock.advance(5_000);
    expect(mortal.deaths).toBe(1);

    const end = await clock.until(member(id, 0));

    expect([end, [...new Set(ids())].toSorted()]).toEqual(["done", all]);
  });

  it("stops where its time is over, and others go on there", async () => {
    const { makeFleet, member, clock, ids, all, state } = await fleetWorld();
    const { id } = await makeFleet({ fromMs: beginMs }, { perSecond: 10 });
    const stop = new AbortController();
    clock.after(3_000, () => stop.abort());

    const ends = await clock.until(
      Promise.all([member(id, 0, { signal: stop.signal }), member(id, 1, { signal: stop.signal })]),
    );
    const between = await state(id);
    const sentBefore = ids().length;
    await clock.until(member(id, 0));

    expect(ends).toEqual(["stopped", "stopped"]);
    expect(between).toMatchObject({
      heldUntilMs: 0,
      job: { state: "stopped", counts: { sent: sentBefore } },
    });
    expect(ids().toSorted()).toEqual(all);
  });

  it("ends with all others when the replay is cancelled", async () => {
    const { makeFleet, member, clock, ids, store, state } = await fleetWorld();
    const { id } = await makeFleet({ fromMs: beginMs }, { perSecond: 5 });
    clock.after(4_000, () => void cancelReplay(store, id));

    const ends = await clock.until(Promise.all(members.map((nth) => member(id, nth))));

    expect(new Set(ends)).toEqual(new Set(["cancelled"]));
    expect(ids().length).toBeLessThan(40);
    expect((await state(id)).job.state).toBe("cancelled");
    expect(await member(id, 0)).toBe("cancelled");
    expect(await cancelReplay(store, `${id}-none`)).toBe(false);
  });

  it("ends within seconds, too, where who cancelled it died before it came to the parts", async () => {
    const { makeFleet, member, clock, ids, all, store, state } = await fleetWorld();
    const { id } = await makeFleet({ fromMs: beginMs }, { perSecond: 5 }, { members: 1, fewest: 1_000 });
    clock.after(4_000, () => void store.cancel(id));

    const end = await clock.until(member(id, 0));

    expect(end).toBe("cancelled");
    // What four seconds have, and the five until it looks again.
    expect(ids().length).toBeLessThan(50);
    expect(all.length).toBeGreaterThan(100);
    expect((await state(id)).job.state).toBe("cancelled");
  });

  it("fails with what stands in its way, which is then told, and goes on when it is called again", async () => {
    const { makeFleet, member, clock, ids, all, parts, state } = await fleetWorld();
    const { id } = await makeFleet({ fromMs: beginMs });
    const queue = { send: async () => Promise.reject(new Error("socket hang up")) };

    await expect(clock.until(member(id, 0, { queue }))).rejects.toThrow("socket hang up");
    expect((await state(id)).job).toMatchObject({ state: "stopped", problems: ["socket hang up"] });
    await clock.until(member(id, 0, { queue: parts.queue }));

    expect(ids()).toEqual(all);
    await expect(member("nope", 0)).rejects.toThrow("there is no replay nope");
  });

  it("keeps a key's order where the queue takes the later ones of a batch first", async () => {
    const { makeFleet, member, clock, parts, ids, all } = await fleetWorld();
    const { id } = await makeFleet({ fromMs: beginMs }, { ordered: true, perSecond: 50 }, { members: 2 });
    let calls = 0;
    const queue: typeof parts.queue = {
      async send(name, batch) {
        const isOdd = calls++ % 2 === 0 && batch.count > 1;
        if (!isOdd) return parts.queue.send(name, batch);
        const [first, ...others] = JSON.parse(batch.json.toString());
        await parts.queue.send(name, { count: others.length, json: Buffer.from(JSON.stringify(others)) });
        return [{ index: Number(first.Id), code: "Busy", message: "later", retryable: true }];
      },
    };

    await clock.until(Promise.all([0, 1].map((nth) => member(id, nth, { queue }))));

    expect(ids()).toHaveLength(all.length);
    for (const key of new Set(all.map(keyOf))) {
      const isOfKey = (one: string) => keyOf(one) === key;
      expect([key, ids().filter(isOfKey)]).toEqual([key, all.filter(isOfKey)]);
    }
  });

  it.each([{ fifo: false }, { fifo: true }])(
    "sends the events of a key in the archive's order, whoever dies ($fifo)",
    async ({ fifo }) => {
      const { makeFleet, mortalMember, clock, taken, all, ids } = await fleetWorld();
      const { id, fleet } = await makeFleet(
        { fromMs: beginMs },
        { ordered: true, fifo, perSecond: 50 },
        { members: 3 },
      );
      const mortal = mortality((call) => (call % 37 === 36 && call < 300 ? "dies-after" : "lives"));

      await clock.until(Promise.all([0, 1, 2].map((nth) => mortalMember(id, nth, mortal))));

      expect(fleet?.parts).toBe(3);
      expect(mortal.deaths).toBeGreaterThanOrEqual(3);
      const once = [...new Set(ids())];
      for (const key of new Set(all.map(keyOf))) {
        const isOfKey = (one: string) => keyOf(one) === key;
        expect([key, once.filter(isOfKey)]).toEqual([key, all.filter(isOfKey)]);
      }
      if (!fifo) return;
      expect(taken.every((message) => message.MessageGroupId === keyOf(message.id))).toBe(true);
      // What is sent twice is one message to the queue.
      const names = new Map(taken.map((message) => [message.id, message.MessageDeduplicationId]));
      expect(taken.every((message) => names.get(message.id) === message.MessageDeduplicationId)).toBe(true);
    },
  );
});
