import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import {
  applyStep,
  beginRelease,
  type DynamoCalls,
  dynamoParked,
  type ParkedGroup,
  releaseMessage,
} from "../../src/parking/index.ts";

const compile = (name: string) =>
  new Ajv2020({ validateFormats: false }).compile(
    JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), "utf8")),
  );

/** A store that writes down the items it would put, with DynamoDB's types taken off. */
function written() {
  const items: Record<string, unknown>[] = [];
  const calls: DynamoCalls = {
    get: async () => ({ Responses: {}, UnprocessedKeys: {} }),
    query: async () => ({ Items: [], LastEvaluatedKey: undefined }),
    transact: async (writes) => {
      for (const { Put } of writes) {
        const entries = Object.entries(Put?.Item ?? {});
        if (Put) items.push(Object.fromEntries(entries.map(([name, { S, N }]) => [name, S ?? Number(N)])));
      }
      return "written";
    },
  };
  return { items, store: dynamoParked({ table: "shop-parked", calls }) };
}

describe("parked-item.schema.json", () => {
  const valid = compile("parked-item");
  const step = {
    ...{ consumer: "LockStock", group: "customer/17", nowMs: 1_000, done: [] },
    poison: { key: "k", id: "o-1", type: "order.created", reason: "permanent", attempts: 1, diedAtMs: 1_000 },
  };
  const large = { messageId: "m-1", body: "x".repeat(200_000), attributes: {}, messageAttributes: {} };

  it("is satisfied by markers, released or not, and by every part of a message", async () => {
    const { items, store } = written();
    const parked = await applyStep(store, undefined, { ...step, joining: [large] });
    const marker = (parked as { group: ParkedGroup }).group;
    const release = beginRelease(marker, { id: "r-1", nowMs: 2_000, withPoison: false });
    if (release) await store.change(release);

    expect(items).toHaveLength(4);
    expect(items.filter((item) => !valid(item))).toEqual([]);
    expect(items.at(-1)).toHaveProperty("release");
  });

  it("refuses other versions, fields that it does not know, and items without what they need", async () => {
    const { items, store } = written();
    await applyStep(store, undefined, { ...step, joining: [large] });

    for (const item of items) {
      expect(valid({ ...item, v: 2 })).toBe(false);
      expect(valid({ ...item, other: 1 })).toBe(false);
      for (const name of Object.keys(item)) {
        const { [name]: _, ...rest } = item;
        expect([name, valid(rest)]).toEqual([name, false]);
      }
    }
  });
});

describe("release-message.schema.json", () => {
  it("is satisfied by what is sent, and by nothing that lacks a part of it", () => {
    const valid = compile("release-message");
    const message = JSON.parse(releaseMessage("a", { id: "r-1", place: 3 }).body);

    expect(valid(message)).toBe(true);
    for (const name of Object.keys(message)) expect(valid({ ...message, [name]: undefined })).toBe(false);
    expect(valid({ ...message, v: 2 })).toBe(false);
  });
});
