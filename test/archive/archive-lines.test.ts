import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { archiveLine, unpackLine } from "../../src/archive/archive-lines.ts";
import { archivedMessage } from "../../src/archive/archived-message.ts";
import {
  type ArchiveLine,
  archiveKind,
  formatArchiveLine,
  messageOf,
  parseArchiveLine,
} from "../../src/archive/index.ts";
import { dataHash } from "../../src/contract/index.ts";
import { eventJson, notified, raw } from "./records.ts";

const hash = dataHash({ orderId: "o-1", cents: 1250 }).slice(0, 32);
const lineFor = (record: Parameters<typeof archivedMessage>[0]) =>
  archiveLine(archivedMessage(record, "shop")).line;
const attributes = { type: { DataType: "String", StringValue: "order.created" } };

describe("a line of the archive", () => {
  it("has what the notification and the event say, in this order, the message last and byte for byte", () => {
    const body = ` ${eventJson({ subject: "s", causationid: "b", partitionkey: "p" })}\n`;
    const line = lineFor(notified(body, { messageId: "m-1", group: "tenant-7" }));

    expect(formatArchiveLine(line)).toBe(
      `{"time":"2026-11-27T01:29:59.500Z","published":"2026-11-27T01:30:00.000Z","topic":"orders","type":"order.created","source":"/shop/web","id":"o-1","subject":"s","correlationid":"c-1","causationid":"b","partitionkey":"p","hash":"${hash}","messageId":"m-1","group":"tenant-7","message":{"MessageBody":${JSON.stringify(body)},"MessageAttributes":{"type":{"DataType":"String","StringValue":"order.created"}}}}`,
    );
  });

  it("gives its message away as SendMessage takes it, without being parsed", () => {
    const bytes = Buffer.from(formatArchiveLine(lineFor(notified(eventJson({ id: ',"message":"x"' })))));

    expect(JSON.parse(messageOf(bytes).toString())).toEqual({
      MessageBody: eventJson({ id: ',"message":"x"' }),
      MessageAttributes: attributes,
    });
  });

  it("can be read back, whatever the texts in it are", () => {
    const text = fc.string({ unit: "grapheme" });
    const optional = fc.option(text, { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          topic: optional,
          source: text,
          id: text,
          subject: optional,
          group: optional,
          body: text,
        }),
        ({ body, ...fields }) => {
          const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
          const line = {
            time: "t",
            published: "p",
            messageId: "m",
            ...given,
            message: { MessageBody: body },
          };

          expect(parseArchiveLine(Buffer.from(formatArchiveLine(line as ArchiveLine)))).toEqual(line);
        },
      ),
    );
  });

  it("is of the moment of publishing where the event's own time is more than a day off", () => {
    const at = (time: string) => {
      const { time: effective, eventTime } = lineFor(notified(eventJson({ time })));
      return [effective, eventTime];
    };

    expect(at("2026-11-26T01:30:00Z")).toEqual(["2026-11-26T01:30:00.000Z", undefined]);
    expect(at("2026-11-26T01:29:59.999Z")).toEqual(["2026-11-27T01:30:00.000Z", "2026-11-26T01:29:59.999Z"]);
    expect(at("2026-11-28T02:30:00+01:00")).toEqual(["2026-11-28T01:30:00.000Z", undefined]);
    expect(at("2026-11-28T01:30:00.001Z")).toEqual(["2026-11-27T01:30:00.000Z", "2026-11-28T01:30:00.001Z"]);
    expect(at("1997-01-01T00:00:00Z")).toEqual(["2026-11-27T01:30:00.000Z", "1997-01-01T00:00:00Z"]);
    expect(at("2026-11-27t01:00:00.1234567z")).toEqual(["2026-11-27T01:00:00.123Z", undefined]);
  });

  it.each([
    ["text", "hello", "bad-json"],
    ["nothing", "", "bad-json"],
    ["no event", '{"a":1}', "bad-envelope"],
    ["an empty batch", "[]", "bad-envelope"],
    ["half a character", '{"a":"\\ud800"}', "bad-encoding"],
    ["a forbidden key", eventJson({ data: JSON.parse('{"__proto__":1}') }), "forbidden-key"],
    ["depth", "[".repeat(40) + "]".repeat(40), "too-deep"],
  ])("keeps what is no event, with the reason: %s", (_, body, problem) => {
    const line = lineFor(notified(body, { messageId: "m-1" }));

    expect(line).toEqual({
      time: "2026-11-27T01:30:00.000Z",
      published: "2026-11-27T01:30:00.000Z",
      topic: "orders",
      messageId: "m-1",
      problem,
      message: { MessageBody: body, MessageAttributes: attributes },
    });
  });

  it("keeps attributes of every type as SendMessage takes them, and none where there are none", () => {
    const given = {
      cents: { Type: "Number", Value: "12.50" },
      tags: { Type: "String.Array", Value: '["a","b"]' },
      seal: { Type: "Binary", Value: "AAEC" },
    };

    expect(lineFor(notified(eventJson(), { attributes: given })).message.MessageAttributes).toEqual({
      cents: { DataType: "Number", StringValue: "12.50" },
      tags: { DataType: "String.Array", StringValue: '["a","b"]' },
      seal: { DataType: "Binary", BinaryValue: "AAEC" },
    });
    expect(lineFor(notified(eventJson(), { attributes: {} })).message).toEqual({
      MessageBody: eventJson(),
    });
  });

  it("names a topic without the bus, and one that is not the bus's own whole", () => {
    expect(lineFor(notified(eventJson(), { topic: "shop-orders.fifo" })).topic).toBe("orders.fifo");
    expect(lineFor(notified(eventJson(), { topic: "elsewhere" })).topic).toBe("elsewhere");
  });

  it("understands raw delivery: published when the queue took it, of no known topic", () => {
    const line = lineFor(
      raw(eventJson(), {
        type: { dataType: "String", stringValue: "order.created" },
        seal: { dataType: "Binary", binaryValue: "AAEC" },
      }),
    );

    expect(line).toMatchObject({
      published: "2026-11-27T01:30:00.250Z",
      messageId: "q-raw",
      id: "o-1",
      hash,
    });
    expect(line.topic).toBeUndefined();
    expect(line.message).toEqual({
      MessageBody: eventJson(),
      MessageAttributes: { ...attributes, seal: { DataType: "Binary", BinaryValue: "AAEC" } },
    });
  });

  it("takes the queue's time where the notification's cannot be read", () => {
    expect(lineFor(notified(eventJson(), { timestamp: "yesterday" })).published).toBe(
      "2026-11-27T01:30:00.250Z",
    );
  });
});

describe("a message that holds several events", () => {
  const first = eventJson({ id: "a", time: "2026-11-27T01:10:00Z" });
  const second = eventJson({ id: "b", data: { text: 'a "], {[' } }).replace(",", " ,\n ");
  const body = `[ ${first},${second} , {"id":"bad"}]`;
  const record = notified(body, { messageId: "m-1", group: "g" });

  it("is one line while it is raw, of the least of their times", () => {
    const { line, lastMs } = archiveLine(archivedMessage(record, "shop"));

    expect(line).toMatchObject({ time: "2026-11-27T01:10:00.000Z", messageId: "m-1", group: "g", packed: 3 });
    expect(line.message.MessageBody).toBe(body);
    expect(lastMs).toBe(Date.UTC(2026, 10, 27, 1, 30));
  });

  it("becomes a line of each, with its own bytes", () => {
    const lines = unpackLine(lineFor(record));

    expect(lines.map(({ id, index, problem }) => [id, index, problem])).toEqual([
      ["a", 0, undefined],
      ["b", 1, undefined],
      [undefined, 2, "bad-envelope"],
    ]);
    expect(lines.map(({ message }) => message)).toEqual(
      [first, second, '{"id":"bad"}'].map((MessageBody) => ({ MessageBody, MessageAttributes: attributes })),
    );
    expect(
      lines.every(({ topic, group, packed }) => topic === "orders" && group === "g" && packed === undefined),
    ).toBe(true);
  });

  it("is what its parts say, however many and whatever they are", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const spaces = fc.constantFrom("", " ", "\n\t");
    fc.assert(
      fc.property(fc.array(fc.tuple(value, spaces), { minLength: 2, maxLength: 6 }), (values) => {
        const texts = values.map(([one]) => JSON.stringify(one));
        const packed = `[${values.map(([one, space]) => space + JSON.stringify(one) + space).join()}]`;
        const { line } = archiveLine(archivedMessage(notified(packed), "shop"));

        expect(unpackLine(line).map(({ message }) => message.MessageBody)).toEqual(texts);
      }),
    );
  });

  it("is kept whole as no event where it was wrapped by hand", () => {
    const wrapped = JSON.stringify({ Type: "Notification", Message: body });

    expect(lineFor(notified(wrapped))).toMatchObject({
      problem: "bad-envelope",
      message: { MessageBody: wrapped },
    });
  });
});

describe("archiveKind", () => {
  const parsed = (line: ArchiveLine) => archiveKind.parse(Buffer.from(formatArchiveLine(line)));

  it("knows an event by its name and its data", () => {
    const one = parsed(lineFor(notified(eventJson(), { messageId: "m-1" })));
    const retry = parsed(lineFor(notified(eventJson(), { messageId: "m-2" })));
    const reused = parsed(lineFor(notified(eventJson({ data: { other: true } }))));

    expect(one.identity).toBe(`/shop/web\no-1\n${hash}`);
    expect(retry.identity).toBe(one.identity);
    expect(reused.identity).not.toBe(one.identity);
    expect(one).toMatchObject({
      type: "order.created",
      odd: false,
      order: "2026-11-27T01:30:00.000Z",
      entry: {
        key: "/shop/web\no-1",
        fields: `{"hash":"${hash}","type":"order.created"}`,
        set: '{"attributes":{"type":{"DataType":"String","StringValue":"order.created"}},"topic":"orders"}',
      },
    });
  });

  it("knows what is no event by its message, and by its place in it", () => {
    const bad = lineFor(notified("[1,2]", { messageId: "m-1" }));

    expect(parsed(lineFor(notified("hello", { messageId: "m-1" })))).toMatchObject({
      identity: "m-1",
      entry: undefined,
    });
    expect(unpackLine(bad).map((line) => parsed(line).identity)).toEqual(["m-1/0", "m-1/1"]);
  });

  it("puts what no filter can tell apart into one set: without our own attribute, in whatever order", () => {
    const setOf = (names: readonly string[], topic = "shop-orders") => {
      const all = Object.fromEntries(names.map((name) => [name, { Type: "String", Value: name }]));
      return parsed(lineFor(notified(eventJson(), { attributes: all, topic }))).entry?.set;
    };

    expect(setOf(["a", "b", "omnibus"])).toBe(setOf(["b", "a"]));
    expect(setOf(["a"])).not.toBe(setOf(["b"]));
    expect(setOf(["a"])).not.toBe(setOf(["a"], "shop-stock"));
    expect(setOf([])).toBe('{"attributes":{},"topic":"orders"}');
  });

  it("marks a line whose time is not its event's own", () => {
    expect(parsed(lineFor(notified(eventJson({ time: "1997-01-01T00:00:00Z" })))).odd).toBe(true);
  });

  it("reads lines whose texts need escapes", () => {
    const line = parsed(lineFor(notified(eventJson({ id: 'a"b\\', source: "/z\u00fcrich" }))));

    expect(line.entry?.key).toBe('/z\u00fcrich\na"b\\');
  });

  it.each([
    "",
    "hello",
    '{"time":"2026-11-27T01:30:00.000Z","messageId":"m"}',
    '{"time":"x","published":"p","messageId":"m","message":{}}',
  ])("refuses what is no line: %s", (text) => {
    expect(() => archiveKind.parse(Buffer.from(text))).toThrow("a line of the archive has no");
  });
});
