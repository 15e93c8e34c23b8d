import { describe, expect, it } from "@jest/globals";
import { inMemoryQueue } from "../../local/mapping/index.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

const never = new AbortController().signal;
const visibilityTimeoutMs = 30_000;

function world(options: { fifo?: boolean; maxReceiveCount?: number } = {}) {
  const clock = virtualClock();
  const deadLetters = inMemoryQueue({ clock, visibilityTimeoutMs, fifo: options.fifo ?? false });
  const queue = inMemoryQueue({ clock, visibilityTimeoutMs, deadLetters, ...options });
  const receive = (max = 10) => queue.receive({ max, waitMs: 0, signal: never });
  return { clock, queue, deadLetters, receive };
}

describe("inMemoryQueue, beyond the port", () => {
  it("moves a message that was received too often, with its id and first time", async () => {
    const { clock, queue, deadLetters, receive } = world({ maxReceiveCount: 2 });
    const messageId = queue.send({ body: "poison" });
    const sentMs = clock.nowMs();

    await receive();
    await clock.advance(visibilityTimeoutMs);
    await receive();
    await clock.advance(visibilityTimeoutMs);
    const third = await receive();

    expect(third).toEqual([]);
    expect(queue.messages()).toEqual([]);
    expect(deadLetters.messages()).toMatchObject([{ messageId, body: "poison", sentMs, receives: 0 }]);
  });

  it("holds a delayed message back", async () => {
    const { clock, queue, receive } = world();
    queue.send({ body: "later", delayMs: 5_000 });

    await clock.advance(4_999);
    const early = await receive();
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    await clock.advance(1);

    expect(early).toEqual([]);
    expect(await receive()).toHaveLength(1);
  });

  it("changes the visibility of what is in flight, and of nothing else", async () => {
    const { clock, queue, receive } = world();
    queue.send({ body: "one" });
    const [first] = await receive();
    const handle = first?.receiptHandle ?? "";

    expect(queue.changeVisibility(handle, 60_000)).toBe(true);
    await clock.advance(59_999);
    expect(await receive()).toEqual([]);
    await clock.advance(1);
    expect(queue.changeVisibility(handle, 0)).toBe(false);
    const [second] = await receive();
    expect(queue.changeVisibility(second?.receiptHandle ?? "", 0)).toBe(true);

    expect(await receive()).toHaveLength(1);
    expect(queue.changeVisibility("unknown", 0)).toBe(false);
  });

  it("does not delete by the handle of an earlier receive", async () => {
    const { clock, queue, receive } = world();
    queue.send({ body: "one" });
    const [first] = await receive();
    await clock.advance(visibilityTimeoutMs);
    await receive();

    await queue.delete([first?.receiptHandle ?? ""]);

    expect(queue.counts().inFlight).toBe(1);
  });

  it("takes a repeated deduplication id for the same message for five minutes", async () => {
    const { clock, queue } = world({ fifo: true });
    const send = () => queue.send({ body: "x", groupId: "g", deduplicationId: "d" });

    const first = send();
    await clock.advance(299_999);
    const repeated = send();
    await clock.advance(1);
    const later = send();

    expect(repeated).toBe(first);
    expect(later).not.toBe(first);
    expect(queue.messages()).toHaveLength(2);
  });

  it("opens a group again, in order, when its first message went to the dead letters", async () => {
    const { clock, queue, deadLetters, receive } = world({ fifo: true, maxReceiveCount: 1 });
    for (const body of ["a1", "a2"]) queue.send({ body, groupId: "a", deduplicationId: body });

    const first = await receive(1);
    const blocked = await receive(10);
    await clock.advance(visibilityTimeoutMs);
    const next = await receive(10);

    expect(first.map(({ body }) => body)).toEqual(["a1"]);
    expect(blocked).toEqual([]);
    expect(next.map(({ body }) => body)).toEqual(["a2"]);
    expect(deadLetters.messages().map(({ body, groupId }) => [body, groupId])).toEqual([["a1", "a"]]);
  });

  it("refuses a message without a group to an ordered queue", () => {
    const { queue } = world({ fifo: true });

    expect(() => queue.send({ body: "x" })).toThrow(/groupId/);
  });

  it("keeps one timer, however many messages are in flight", async () => {
    const { clock, queue, receive } = world();
    for (let index = 0; index < 1_000; index++) queue.send({ body: String(index) });
    for (let index = 0; index < 100; index++) {
      await receive();
      await clock.advance(1);
    }

    expect(clock.pending).toBe(1);
    await clock.advance(visibilityTimeoutMs);
    expect(queue.counts()).toEqual({ visible: 1_000, inFlight: 0, delayed: 0 });
    expect(clock.pending).toBe(0);
  });
});
