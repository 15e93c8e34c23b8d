import { describe, expect, it } from "@jest/globals";
import {
  applyStep,
  beginRelease,
  changeGroup,
  type GroupStep,
  inMemoryParked,
  type LineEntry,
  type ParkedGroup,
  type ParkedMessage,
  type ParkedStore,
  type Poison,
  releaseMessage,
  releaseOf,
} from "../../src/parking/index.ts";

const consumer = "LockStock";
const poison = (key = "k"): Poison => ({ key, reason: "permanent", attempts: 1, diedAtMs: 5 });
const message = (messageId: string, body = messageId): ParkedMessage => ({
  messageId,
  body,
  attributes: {},
  messageAttributes: {},
});
const messages = (...ids: string[]) => ids.map((id) => message(id));
const entry = (place: number): LineEntry => ({ place, parts: 1, message: message(`m-${place}`) });
const step = (more: Partial<GroupStep> = {}): GroupStep => ({
  ...{ consumer, group: "a", nowMs: 7, done: [], joining: [] },
  ...more,
});
const marker = (more: Partial<ParkedGroup> = {}): ParkedGroup => ({
  ...{ consumer, group: "a", revision: 4, first: 3, tail: 6, sinceMs: 1, poison: poison(), recent: [] },
  release: undefined,
  ...more,
});
const releasing = (more: Partial<ParkedGroup> = {}) => marker({ release: { id: "r", sinceMs: 2 }, ...more });

describe("changeGroup", () => {
  it("parks a group behind a poison, whose message is the first of the line", () => {
    const change = changeGroup(undefined, step({ poison: poison(), joining: messages("p", "f1", "f2") }));

    expect(change).toMatchObject({
      from: 0,
      to: { revision: 1, first: 1, tail: 3, sinceMs: 7, poison: poison(), recent: ["p", "f1", "f2"] },
      put: [
        { place: 1, message: { messageId: "p" } },
        { place: 2, message: { messageId: "f1" } },
        { place: 3, message: { messageId: "f2" } },
      ],
    });
  });

  it("lets followers join behind the tail, each once", () => {
    const change = changeGroup(marker({ recent: ["f1"] }), step({ joining: messages("f1", "f2") }));

    expect(change).toMatchObject({
      from: 4,
      to: { revision: 5, first: 3, tail: 7, recent: ["f1", "f2"] },
      put: [{ place: 7, message: { messageId: "f2" } }],
      remove: [],
    });
  });

  it("remembers what two batches bring", () => {
    const known = Array.from({ length: 20 }, (_, index) => `m${index}`);

    expect(changeGroup(marker({ recent: known }), step({ joining: messages("m20") }))).toMatchObject({
      to: { recent: [...known.slice(1), "m20"] },
    });
  });

  it("moves the head on by what was handled, and takes nothing out twice", () => {
    const change = changeGroup(releasing(), step({ release: "r", done: [entry(2), entry(3), entry(4)] }));

    expect(change).toMatchObject({ to: { first: 5, tail: 6 }, remove: [entry(3), entry(4)] });
  });

  it("removes the marker with the last message, and only if none has joined", () => {
    const done = [3, 4, 5, 6].map(entry);

    expect(changeGroup(releasing(), step({ release: "r", done }))).toMatchObject({
      to: undefined,
      remove: done,
    });
    expect(changeGroup(releasing(), step({ release: "r", done, joining: messages("late") }))).toMatchObject({
      to: { first: 7, tail: 7 },
      put: [{ place: 7 }],
    });
  });

  it("parks again behind what dies in a release, with what was handled before it gone", () => {
    const change = changeGroup(
      releasing(),
      step({ release: "r", done: [entry(3)], poison: poison("k4"), joining: messages("late") }),
    );

    expect(change).toMatchObject({
      to: { first: 4, tail: 7, poison: { key: "k4" }, release: undefined },
      remove: [entry(3)],
      put: [{ place: 7 }],
    });
  });

  it("tells of the last death when the same poison dies again", () => {
    const again = { ...poison(), diedAtMs: 9 };

    expect(changeGroup(marker(), step({ poison: again }))).toMatchObject({
      to: { first: 3, tail: 6, poison: { diedAtMs: 9 } },
      put: [],
    });
  });

  it("goes on waiting behind the poison that it waits behind", () => {
    const change = changeGroup(marker(), step({ poison: poison("other"), joining: messages("other") }));

    expect(change).toMatchObject({ to: { poison: { key: "k" }, tail: 7 } });
  });

  it.each([
    ["nothing", undefined, step()],
    ["nothing", marker(), step()],
    ["nothing", marker({ recent: ["f"] }), step({ joining: messages("f") })],
    ["gone", undefined, step({ joining: messages("f") })],
    ["gone", undefined, step({ release: "r", done: [entry(1)] })],
    ["gone", undefined, step({ release: "r", poison: poison() })],
    ["lost", marker(), step({ release: "r", done: [entry(3)] })],
    ["lost", releasing({ release: { id: "other", sinceMs: 2 } }), step({ release: "r", poison: poison() })],
  ] as const)("answers %s where there is nothing to write", (answer, before, given) => {
    expect(changeGroup(before, given)).toBe(answer);
  });
});

describe("beginRelease", () => {
  it("leaves the poison out, unless told", () => {
    const told = { id: "r", nowMs: 9 };

    expect(beginRelease(marker(), { ...told, withPoison: false })?.to?.release).toEqual({
      id: "r",
      sinceMs: 9,
      skip: { key: "k", place: 3 },
    });
    expect(beginRelease(marker(), { ...told, withPoison: true })?.to?.release).toEqual({
      id: "r",
      sinceMs: 9,
    });
  });

  it("changes nothing about a release that goes on", () => {
    expect(beginRelease(releasing(), { id: "other", nowMs: 9, withPoison: true })).toBeUndefined();
  });
});

describe("applyStep", () => {
  it("judges anew from what is there by now", async () => {
    const store = inMemoryParked();
    await applyStep(store, undefined, step({ poison: poison(), joining: messages("p") }));
    const stale = (await store.read(consumer, ["a"])).get("a");
    await applyStep(store, stale, step({ joining: messages("f1") }));

    const result = await applyStep(store, stale, step({ joining: messages("f2") }));

    expect(result).toMatchObject({ status: "written", group: { tail: 3 } });
    expect((await store.line(consumer, "a", 1, 9)).map(({ message: { body } }) => body)).toEqual([
      "p",
      "f1",
      "f2",
    ]);
  });

  it("knows its own write again whose answer was lost", async () => {
    const store = inMemoryParked();
    const parks = step({ poison: poison(), joining: messages("p", "f1") });
    await applyStep(store, undefined, parks);

    expect(await applyStep(store, undefined, parks)).toMatchObject({ status: "written", group: { tail: 2 } });
  });

  it("splits what is too large for one transaction, in its order", async () => {
    const store = inMemoryParked();
    const changes: number[] = [];
    const counted: ParkedStore = {
      ...store,
      change: (change) => {
        changes.push(change.put.length);
        return store.change(change);
      },
    };
    const large = Array.from({ length: 10 }, (_, index) => message(`m${index}`, "x".repeat(1_000_000)));

    const result = await applyStep(counted, undefined, step({ poison: poison(), joining: large }));

    expect(changes.length).toBeGreaterThan(4);
    expect(result).toMatchObject({ status: "written", group: { first: 1, tail: 10 } });
    const line = await store.line(consumer, "a", 1, 99);
    expect(line.map((one) => one.message.messageId)).toEqual(large.map(({ messageId }) => messageId));
  });

  it("gives up where the marker changes each time that it is read", async () => {
    const store = inMemoryParked();
    await applyStep(store, undefined, step({ poison: poison(), joining: messages("p") }));

    const result = await applyStep(
      { ...store, change: async () => false },
      (await store.read(consumer, ["a"])).get("a"),
      step({ joining: messages("f") }),
    );

    expect(result).toEqual({ status: "lost" });
  });
});

describe("releaseMessage", () => {
  it("is known again, and nothing else is taken for it", () => {
    const { body, groupId, deduplicationId } = releaseMessage("a", { id: "r-1", place: 4 });

    expect([releaseOf(body), groupId, deduplicationId]).toEqual(["r-1", "a", "release-r-1-4"]);
    for (const other of [
      "{",
      '{"omnibus":"release"',
      '{"omnibus":"release",}',
      '{"omnibus":"release","release":7}',
    ])
      expect(releaseOf(other)).toBeUndefined();
  });
});
