import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { peekQueue } from "../../ops/index.ts";
import { startQueues, type TestQueues } from "../helpers/start-queues.ts";

describe("peekQueue", () => {
  let queues: TestQueues;

  beforeAll(async () => {
    queues = await startQueues();
  });

  afterAll(() => queues.stop());

  it("sees every message once, with its attributes, and hands all of them back", async () => {
    queues.createQueue("many");
    for (let index = 0; index < 37; index++) queues.put("many", `body ${index}`, `{"reason":"r${index}"}`);
    const bodies: string[] = [];
    const notes = new Set<string | undefined>();

    const { seen, unseen } = await peekQueue({
      client: queues.client,
      queueName: "many",
      waitSeconds: 0,
      see: (message) => {
        bodies.push(message.Body ?? "");
        notes.add(message.MessageAttributes?.omnibus?.StringValue);
      },
    });

    expect({ seen, unseen }).toEqual({ seen: 37, unseen: 0 });
    expect(new Set(bodies).size).toBe(37);
    expect(bodies).toHaveLength(37);
    expect(notes.has('{"reason":"r36"}')).toBe(true);
    expect(queues.count("many")).toEqual({ visible: 37, invisible: 0 });
  });

  it("hands back what it held when it fails on the way", async () => {
    queues.createQueue("failing");
    for (let index = 0; index < 15; index++) queues.put("failing", `body ${index}`);
    let seen = 0;

    const peeking = peekQueue({
      client: queues.client,
      queueName: "failing",
      waitSeconds: 0,
      see: () => {
        if (++seen === 12) throw new Error("cannot be shown");
      },
    });

    await expect(peeking).rejects.toThrow("cannot be shown");
    expect(queues.count("failing")).toEqual({ visible: 15, invisible: 0 });
  });

  it("answers nothing for an empty queue, and throws for one that is not there", async () => {
    queues.createQueue("empty");
    const peek = (queueName: string) =>
      peekQueue({ client: queues.client, queueName, waitSeconds: 0, see: () => {} });

    await expect(peek("empty")).resolves.toEqual({ seen: 0, unseen: 0 });
    await expect(peek("missing")).rejects.toThrow();
  });
});
