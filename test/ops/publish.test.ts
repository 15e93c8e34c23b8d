import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { CloudReads, SubscriptionFacts } from "../../ops/doctor/facts.ts";
import { findRoute, readData } from "../../ops/publish/index.ts";
import { jsonErrorAt } from "../../ops/publish/json-error.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();

describe("readData", () => {
  const read = (given: string, stdin = "") =>
    readData(given, { directory: folder, stdin: Readable.from([stdin]) });

  it("reads what is given, a file, or standard input", async () => {
    writeFileSync(join(folder, "order.json"), '{"from":"file ä"}');

    expect(await read('{"from":"words"}')).toEqual({ from: "words" });
    expect(await read("@order.json")).toEqual({ from: "file ä" });
    expect(await read(`@${join(folder, "order.json")}`)).toEqual({ from: "file ä" });
    expect(await read("-", '{"from":"pipe"}')).toEqual({ from: "pipe" });
  });

  it.each([
    ['{"a" 1}', 'line 1, column 6: "1}" cannot stand there'],
    ['{"a":1', "line 1, column 7: it ends too soon"],
    ['{\n  "a": 1,\n  "b": }\n', 'line 3, column 8: "}\\n" cannot stand there'],
    ["{'a':1}", "line 1, column 2"],
    ["[1,]", "line 1, column 4"],
    ["", "line 1, column 1: it ends too soon"],
    ["{} {}", "line 1, column 4"],
    ["01", "line 1, column 2"],
  ])("says where %j is no JSON", async (text, place) => {
    await expect(read(text)).rejects.toMatchObject({
      code: "bad-json",
      message: expect.stringContaining(`--data is no JSON: ${place}`),
    });
  });

  it("names the file that is not there, and one that is not UTF-8", async () => {
    writeFileSync(join(folder, "latin.json"), Buffer.from('{"a":"\xe4"}', "latin1"));

    await expect(read("@nowhere.json")).rejects.toMatchObject({ code: "data-file" });
    await expect(read("@latin.json")).rejects.toMatchObject({
      code: "bad-encoding",
      message: "latin.json is not UTF-8: save it as UTF-8",
    });
  });
});

describe("jsonErrorAt", () => {
  it("finds nothing in any JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(3), (text, indent) => {
        expect(jsonErrorAt(JSON.stringify(JSON.parse(text), null, indent))).toBeUndefined();
      }),
    );
  });

  it("finds something wherever JSON.parse throws, and nothing where it does not", () => {
    const marks = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "a",
      "1",
      "-",
      ".",
      "e",
      " ",
      "\\",
      "null",
      '"k"',
    );
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(jsonErrorAt(text) === undefined).toBe(isJson);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("findRoute", () => {
  const arnOf = (topic: string) => `arn:aws:sns:us-east-1:111122223333:${topic}`;
  const settings = (bus: string, consumer: string, on: readonly string[]) => ({
    name: `${bus}-${consumer}`,
    settings: JSON.stringify({ v: 1, bus, consumer, on, mode: "once" }),
    memoryMb: 512,
    timeoutSeconds: 30,
    stack: undefined,
    state: "Active",
    trouble: undefined,
    reservedConcurrency: undefined,
  });
  const subscription = (
    topic: string,
    consumer: string,
    filterPolicy: Record<string, unknown>,
  ): SubscriptionFacts => ({
    arn: `${arnOf(topic)}:${consumer}`,
    topicArn: arnOf(topic),
    endpoint: `arn:aws:sqs:us-east-1:111122223333:${consumer}`,
    raw: true,
    filterPolicy,
    redriveTargetArn: undefined,
  });
  const subscriptions = [
    subscription("shop-orders", "shop-Stock", { type: ["order.created"], country: ["de"] }),
    subscription("shop-orders", "shop-Points", {
      type: ["order.created", "order.paid"],
      cents: [{ numeric: [">", 1] }],
    }),
    subscription("shop-orders", "shop-Audit", {}),
    subscription("shop-money.fifo", "shop-Points.fifo", { type: ["order.paid"] }),
    subscription("bank-transfers", "bank-Book", { type: ["transfer.made"] }),
  ];
  const reads: Pick<CloudReads, "functions" | "topics" | "subscriptions"> = {
    functions: async () => ({
      found: [
        settings("shop", "Stock", ["order.created:1"]),
        settings("shop", "Points", ["order.created:2", "order.paid:1"]),
        settings("bank", "Book", ["transfer.made:3"]),
      ],
    }),
    topics: async (prefix) => ({
      found: ["shop-orders", "shop-money.fifo", "bank-transfers"]
        .filter((one) => one.startsWith(prefix))
        .map(arnOf),
    }),
    subscriptions: async (arn) => ({ found: subscriptions.filter(({ topicArn }) => topicArn === arn) }),
  };
  const find = (wanted: { type: string; version?: number; bus?: string; topic?: string }, changed = {}) =>
    findRoute({ ...reads, ...changed } as CloudReads, wanted);

  it("finds bus, topic, newest version, filtered fields and consumers of a type", async () => {
    expect(await find({ type: "order.created" })).toEqual({
      bus: "shop",
      type: "order.created",
      version: 2,
      topic: "orders",
      account: "111122223333",
      region: "us-east-1",
      filterable: ["cents", "country"],
      consumers: ["shop-Points", "shop-Stock"],
    });
    expect(await find({ type: "transfer.made" })).toMatchObject({
      bus: "bank",
      topic: "transfers",
      version: 3,
    });
  });

  it("takes what is given", async () => {
    expect(await find({ type: "order.paid", topic: "money.fifo", version: 7 })).toMatchObject({
      topic: "money.fifo",
      version: 7,
      consumers: ["shop-Points.fifo"],
    });
    expect(await find({ type: "order.new", bus: "shop", topic: "orders" })).toMatchObject({
      version: 1,
      consumers: [],
    });
  });

  it.each([
    [
      { type: "order.paid" },
      "topic-unknown",
      /more than one topic here \(orders, money.fifo\): give --topic/,
    ],
    [{ type: "order.new" }, "bus-unknown", /more than one bus here \(shop, bank\): give --bus/],
    [{ type: "order.new", bus: "shop" }, "topic-unknown", /no consumer here handles order.new.*give --topic/],
    [
      { type: "order.created", topic: "ordres" },
      "topic-missing",
      /no topic shop-ordres here; the bus has orders, money.fifo/,
    ],
  ])("tells what it cannot know of %j", async (wanted, code, message) => {
    await expect(find(wanted)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("tells which call is not allowed", async () => {
    const denied = { functions: async () => ({ denied: "lambda:ListFunctions" }) };

    await expect(find({ type: "order.created" }, denied)).rejects.toMatchObject({
      code: "not-allowed",
      message: expect.stringContaining("lambda:ListFunctions"),
    });
  });
});
