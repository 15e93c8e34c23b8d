import type { Message } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "@jest/globals";
import { isSelected, readDeadLetter, redrivenMessage } from "../../../ops/dead-letters/index.ts";

const note = {
  v: 1,
  consumer: "Stock",
  reason: "attempts-exhausted",
  error: { name: "DependencyDown", message: "payments said 503 for o-17" },
  attempts: 4,
  firstAt: "2026-11-22T10:00:00.000Z",
  lastAt: "2026-11-22T12:00:00.000Z",
};
const event = {
  specversion: "1.0",
  id: "e-1",
  source: "/shop",
  type: "order.created",
  time: "2026-11-22T10:00:00Z",
  dataschema: "urn:omnibus:order.created:1",
  data: { orderId: "o-17" },
};
const text = (StringValue: string) => ({ DataType: "String", StringValue });
const message = (more: Partial<Message> = {}): Message => ({
  MessageId: "m-1",
  Body: JSON.stringify(event),
  Attributes: { SentTimestamp: String(Date.parse("2026-11-22T12:00:01Z")) },
  MessageAttributes: { type: text("order.created"), omnibus: text(JSON.stringify(note)) },
  ...more,
});

describe("readDeadLetter", () => {
  it("reads event and note", () => {
    expect(readDeadLetter(message(), "processing")).toMatchObject({
      kind: "processing",
      messageId: "m-1",
      type: "order.created",
      ids: ["e-1"],
      reason: "attempts-exhausted",
      error: note.error,
      attempts: 4,
      diedAtMs: Date.parse(note.lastAt),
      pattern: "payments said <n> for <id>",
    });
  });

  it("calls what SQS moved itself the receive backstop", () => {
    expect(readDeadLetter(message({ MessageAttributes: {} }), "processing")).toMatchObject({
      reason: "receive-backstop",
      error: undefined,
      attempts: undefined,
      diedAtMs: Date.parse("2026-11-22T12:00:01Z"),
    });
  });

  it("reads of what SNS could not deliver why, where SNS says so", () => {
    const bySns = {
      RequestID: text("r"),
      ErrorCode: text("AWS.SQS.NonExistentQueue"),
      ErrorMessage: text("gone"),
    };

    expect(readDeadLetter(message({ MessageAttributes: bySns }), "undelivered")).toMatchObject({
      reason: "undelivered",
      error: { name: "AWS.SQS.NonExistentQueue", message: "gone" },
    });
    expect(readDeadLetter(message({ MessageAttributes: {} }), "undelivered").error).toBeUndefined();
  });

  it.each([
    [{ Body: "not json" }, "order.created"],
    [{ Body: "not json", MessageAttributes: {} }, "unreadable"],
    [{ Body: JSON.stringify([event, { ...event, id: "e-2" }]) }, "order.created"],
    [{ MessageAttributes: { omnibus: text("{") } }, "order.created"],
    [
      { MessageAttributes: { omnibus: text('{"reason":"x","error":5,"attempts":"no","lastAt":"never"}') } },
      "order.created",
    ],
    [{ MessageAttributes: { omnibus: text('{"reason":"x","error":{"name":{}}}') } }, "order.created"],
    [
      { MessageId: undefined, Body: undefined, Attributes: undefined, MessageAttributes: undefined },
      "unreadable",
    ],
  ])("never throws, whatever is in it: %j", (more, type) => {
    expect(readDeadLetter(message(more as Partial<Message>), "processing").type).toBe(type);
  });
});

describe("isSelected", () => {
  const letter = readDeadLetter(message(), "processing");
  const diedAtMs = Date.parse(note.lastAt);

  it.each([
    [{}],
    [{ group: letter.group }],
    [{ group: letter.group.slice(0, 4).toUpperCase() }],
    [{ type: "order.created" }],
    [{ id: "e-1" }],
    [{ id: "m-1" }],
    [{ error: "DEPENDENCYDOWN" }],
    [{ error: "said 503" }],
    [{ error: "exhausted" }],
    [{ sinceMs: diedAtMs, untilMs: diedAtMs + 1 }],
    [{ kind: "processing" as const }],
  ])("takes it for %j", (selection) => {
    expect(isSelected(letter, selection)).toBe(true);
  });

  it.each([
    [{ group: "zzzz" }],
    [{ type: "order" }],
    [{ id: "e" }],
    [{ error: "504" }],
    [{ sinceMs: diedAtMs + 1 }],
    [{ untilMs: diedAtMs }],
    [{ kind: "undelivered" as const }],
    [{ type: "order.created", error: "504" }],
  ])("leaves it for %j", (selection) => {
    expect(isSelected(letter, selection)).toBe(false);
  });
});

describe("redrivenMessage", () => {
  it("sends body, attributes, group and trace back, without the note of its death", () => {
    const binary = { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) };
    const came = message({
      Body: ' {"odd" : "bytes \u00e9"}\n',
      Attributes: { MessageGroupId: "g-1", AWSTraceHeader: "Root=1-2-3" },
      MessageAttributes: { ...message().MessageAttributes, blob: { ...binary, StringListValues: [] } },
    });

    expect(redrivenMessage(readDeadLetter(came, "processing"), "0", false)).toEqual({
      Id: "0",
      MessageBody: ' {"odd" : "bytes \u00e9"}\n',
      MessageGroupId: "g-1",
      MessageAttributes: { type: text("order.created"), blob: binary },
      MessageSystemAttributes: { AWSTraceHeader: text("Root=1-2-3") },
    });
  });

  it("keeps what a replay wrote: the ledger's key is made with it", () => {
    const replayed = message({
      MessageAttributes: { omnibus: text(JSON.stringify({ ...note, replayId: "r-1" })) },
    });

    expect(redrivenMessage(readDeadLetter(replayed, "processing"), "0", false).MessageAttributes).toEqual({
      omnibus: text('{"replayId":"r-1"}'),
    });
  });

  it("takes off what SNS put on, and nothing that only looks like it", () => {
    const bySns = { RequestID: text("r"), ErrorCode: text("c"), ErrorMessage: text("m") };
    const sent = (attributes: Message["MessageAttributes"], kind: "processing" | "undelivered") =>
      Object.keys(
        redrivenMessage(readDeadLetter(message({ MessageAttributes: attributes }), kind), "0", false)
          .MessageAttributes ?? {},
      );

    expect(sent({ ...bySns, type: text("t") }, "undelivered")).toEqual(["type"]);
    expect(sent({ ErrorCode: text("c") }, "undelivered")).toEqual(["ErrorCode"]);
    expect(sent(bySns, "processing")).toHaveLength(3);
  });

  it("is the same message to an ordered queue, however often it is sent", () => {
    const letter = readDeadLetter(message({ Attributes: { MessageGroupId: "g" } }), "processing");

    expect(redrivenMessage(letter, "3", true)).toMatchObject({
      MessageGroupId: "g",
      MessageDeduplicationId: "redrive-m-1",
    });
  });
});
