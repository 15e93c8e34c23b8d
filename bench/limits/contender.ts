import { systemClock } from "../../src/clock.ts";
import { wireTarget } from "../../src/env.ts";
import { createLimiter, type DynamoCalls, dynamoLimits, limit, wireCalls } from "../../src/limits/index.ts";
import { limitKeyAttribute } from "../../src/names.ts";
import { contend } from "../frame/contender.ts";
import { table } from "./table.ts";

/** So high that it never refuses: what is measured is the reserving, not the waiting. */
const many = limit("partner", { rate: "1000000/s", split: 1 });
const event = (index: number) => ({ id: `${index}`, source: "/bench", type: "bench.happened", data: {} });

const target = wireTarget("dynamodb");
if (!target?.endpoint) throw new Error("the bench gives its contenders an endpoint, a region and keys");
const calls = wireCalls(target);
let writes = 0;
const counted: DynamoCalls = {
  update: (input) => {
    writes++;
    return calls.update(input);
  },
  transact: (items, token) => {
    writes += items.length;
    return calls.transact(items, token);
  },
};
const limiter = createLimiter({ limits: [many], store: dynamoLimits({ table, calls: counted }) });

const ours = (batch: number) => async (count: number) => {
  for (let at = 0; at < count; at += batch) {
    const size = Math.min(batch, count - at);
    const { places } = await limiter.reserve(Array.from({ length: size }, (_, index) => event(at + index)));
    if (places.some(({ status }) => status !== "slot")) throw new Error("the limit had no room");
  }
};

/** A counter for each second, raised by one for each message while it is below the rate. */
async function updatePerMessage(count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const { outcome } = await counted.update({
      TableName: table,
      Key: { [limitKeyAttribute]: { S: `partner#${Math.floor(systemClock.nowMs() / 1_000)}` } },
      UpdateExpression: "ADD used :one",
      ConditionExpression: "attribute_not_exists(used) OR used < :count",
      ExpressionAttributeValues: { ":one": { N: "1" }, ":count": { N: "1000000" } },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    if (outcome.status !== "written") throw new Error("the counter had no room");
  }
}

const contenders: Readonly<Record<string, (count: number) => Promise<void>>> = {
  batch10: ours(10),
  batch1: ours(1),
  updatePerMessage,
};
const work = contenders[process.argv[2] ?? ""];
if (!work) throw new Error(`no contender is called ${process.argv[2]}`);
contend({
  prepare: () => {
    writes = 0;
  },
  work,
  figures: () => ({ writes }),
});
