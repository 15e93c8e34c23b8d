import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { startLocalCloud } from "../../local/cloud/index.ts";
import { ledgerTableName } from "../../src/names.ts";
import { offlineEnvironment, startChild } from "../frame/children.ts";
import { contend } from "../frame/contender.ts";
import { type CpuByName, cpuOfTree } from "../frame/cpu-of-tree.ts";
import { consumers } from "./consumers.ts";

const lookMs = 25;
const memoryMs = 1_000;

const cloud = await startLocalCloud({ assembly: process.argv[2] ?? "", port: 0 });
const environment = { ...offlineEnvironment(cloud.endpoint), AWS_REGION: cloud.region };
const publisher = startChild(join(import.meta.dirname, "publisher.ts"), [], environment);
const dynamodb = new DynamoDBClient({
  endpoint: cloud.endpoint,
  region: cloud.region,
  credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
});
let expected = 0;
let memoryMb = 0;
let cpuMicrosPerDelivery: CpuByName = {};

const noteMemory = async () => {
  memoryMb = Math.max(memoryMb, await cloud.memoryMb());
};
setInterval(() => void noteMemory(), memoryMs).unref();

/** Resolves when nothing is left in any queue: each message was handled and deleted, or is a dead letter. */
const drained = async () => {
  for (;;) {
    const depths = await cloud.queues();
    const left = depths.filter(({ name }) => consumers.some((consumer) => name === `bench-${consumer}`));
    if (left.length !== consumers.length) throw new Error(`${consumers.length} queues, not ${left.length}`);
    if (left.every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0)) return;
    await delay(lookMs);
  }
};

/** What the ledger itself says was handled: the run's own counters prove nothing. */
const handled = async () => {
  const pages = paginateScan(
    { client: dynamodb },
    {
      TableName: ledgerTableName("bench"),
      Select: "COUNT",
      FilterExpression: "#state = :done",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":done": { S: "done" } },
    },
  );
  let count = 0;
  for await (const { Count = 0 } of pages) count += Count;
  return count;
};

/** Whose work it is: by process and, in the command's own, by thread. */
const cpu = () =>
  cpuOfTree(process.pid, ({ command, thread }) => {
    if (command.includes("dynoxide")) return "dynamodb";
    if (command.includes("endpoint/main.ts")) return "endpoint";
    if (command.includes("bench/local/publisher.ts")) return "publisher";
    if (thread === "WorkerThread") return "functions";
    return thread === "V8Worker" ? "compilerAndCollector" : "mappings";
  });

/** What was used between two looks, for each of `deliveries`. */
const perDelivery = (before: CpuByName, after: CpuByName, deliveries: number): CpuByName => {
  const used = Object.entries(after).map(
    ([name, micros]) => [name, (micros - (before[name] ?? 0)) / deliveries] as const,
  );
  const all = used.reduce((sum, [, micros]) => sum + micros, 0);
  return Object.fromEntries(
    [...used, ["all", all] as const].map(([name, micros]) => [`cpuMicrosPerDelivery.${name}`, micros]),
  );
};

contend({
  prepare: () => {},
  work: async (events) => {
    const before = cpu();
    const published = await publisher.ask(events);
    if (published !== events) throw new Error(`${published} of ${events} events were published`);
    await drained();
    const after = cpu();
    cpuMicrosPerDelivery = before && after ? perDelivery(before, after, events * consumers.length) : {};
  },
  verify: async (events) => {
    expected += events * consumers.length;
    const done = await handled();
    if (done !== expected) throw new Error(`the ledger has ${done} events done, not ${expected}`);
    await noteMemory();
  },
  figures: () => ({ memoryMb, ...cpuMicrosPerDelivery }),
});

process.on("message", async (word) => {
  if (word !== "stop") return;
  await publisher.stop();
  await cloud.stop();
  process.send?.("stopped");
});
