import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { systemClock, uuidv7 } from "../../src/clock.ts";
import { dynamoLedger, inMemoryLedger, type Ledger, sdkStatements } from "../../src/ledger/index.ts";
import {
  dynamoTransactions,
  type Item,
  inMemoryTables,
  inMemoryTransactions,
  sdkCalls,
  type TransactionStore,
  type Write,
} from "../../src/transaction/index.ts";
import { startDynamoDB, type TestDynamoDB } from "../helpers/start-dynamodb.ts";

const keepMs = 60_000;
const before: Item = {
  cents: { N: "10" },
  price: { N: "0.1" },
  name: { S: "Bob" },
  tags: { SS: ["x", "y"] },
  entries: { L: [{ N: "1" }, { S: "two" }, { N: "3" }] },
  nested: { M: { deep: { N: "1" } } },
};
const values: Item = {
  ":one": { N: "1" },
  ":ten": { N: "10.00" },
  ":part": { N: "0.2" },
  ":b": { S: "B" },
  ":x": { SS: ["x", "z"] },
  ":xs": { S: "x" },
  ":list": { L: [{ S: "four" }] },
  ":type": { S: "N" },
};

const conditions = [
  "cents = :ten AND cents >= :one",
  "cents < :one OR NOT cents <> :ten",
  "attribute_exists(absent) OR attribute_not_exists(nested.deep)",
  "begins_with(#name, :b) AND contains(tags, :xs)",
  "size(entries) > :one AND attribute_type(cents, :type)",
  "cents = :one AND :ten",
  "cents = :one AND (price < :ten",
  "cents BETWEEN :one AND :ten",
  "cents IN (:one, :part)",
  "entries[0] = :one AND NOT nested.deep = :part",
  "absent < :one",
  "#name > :one",
];

const updates = [
  "SET cents = cents - :one, price = price + :part",
  "SET cents = if_not_exists(absent, :one), seen = if_not_exists(seen, :ten)",
  "SET entries = list_append(entries, :list) REMOVE nested.deep",
  "SET entries[0] = :one, nested.more = :b REMOVE #name",
  "ADD tags :x, cents :part, fresh :one",
  "DELETE tags :x",
  "SET cents = price, price = cents",
  "SET cents = absent",
  "ADD #name :one",
  "SET nested.a.b = :one",
];

/** Only what the expressions name: DynamoDB refuses the rest. */
function bound(...expressions: readonly string[]) {
  const all = expressions.join(" ");
  const used = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(all));
  return {
    ...(used.length > 0 ? { ExpressionAttributeValues: Object.fromEntries(used) } : {}),
    ...(all.includes("#name") ? { ExpressionAttributeNames: { "#name": "name" } } : {}),
  };
}

/** What the tables in memory do with an expression, and what DynamoDB does. */
describe("expressions in memory", () => {
  let dynamodb: TestDynamoDB;
  beforeAll(async () => {
    dynamodb = await startDynamoDB();
    await dynamodb.createTable("shop-ledger");
    await dynamodb.createTable("accounts", "account");
  });
  afterAll(() => dynamodb?.stop());

  const worlds = (): readonly { ledger: Ledger; store: TransactionStore }[] => {
    const ledger = inMemoryLedger({ keepMs });
    const table = "shop-ledger";
    const { client } = dynamodb;
    return [
      { ledger, store: inMemoryTransactions({ ledger, tables: inMemoryTables({ accounts: ["account"] }) }) },
      {
        ledger: dynamoLedger({ table, keepMs, execute: sdkStatements({ client }) }),
        store: dynamoTransactions({ table, keepMs, calls: sdkCalls({ client }) }),
      },
    ];
  };
  /** The answer to a write over the item, and what stands there then, in each world. */
  const outcomes = (write: (Key: Item) => Write) =>
    Promise.all(
      worlds().map(async ({ ledger, store }) => {
        const Key = { account: { S: "a" } };
        const commit = async (some: Write) => {
          const key = uuidv7(systemClock);
          const event = {
            key,
            consumer: "c",
            source: "s",
            id: key,
            type: "t",
            time: "",
            hash: "h",
            redelivered: false,
          };
          await ledger.claim([event], { owner: "o", leaseEndsMs: systemClock.nowMs() + keepMs });
          return store.commit({ key, owner: "o", emits: [], writes: [some], token: uuidv7(systemClock) });
        };
        await commit({ Put: { TableName: "accounts", Item: { ...Key, ...before } } });
        const { status } = await commit(write(Key));
        const item = await store.read({ TableName: "accounts", Key });
        return { status, item: sorted(item) };
      }),
    );

  it.each(conditions)("judge %s as DynamoDB does", async (ConditionExpression) => {
    const [own, real] = await outcomes((Key) => ({
      ConditionCheck: { TableName: "accounts", Key, ConditionExpression, ...bound(ConditionExpression) },
    }));

    expect(own).toEqual(real);
  });

  it.each(updates)("do %s as DynamoDB does", async (UpdateExpression) => {
    const [own, real] = await outcomes((Key) => ({
      Update: { TableName: "accounts", Key, UpdateExpression, ...bound(UpdateExpression) },
    }));

    expect(own).toEqual(real);
  });
});

/** Sets have no order. */
function sorted(item: Item | undefined): unknown {
  return JSON.parse(JSON.stringify(item ?? null), (name, value) =>
    name === "SS" ? [...value].sort() : value,
  );
}
