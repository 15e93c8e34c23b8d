import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { replay } from "../../cli/commands/replay.ts";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { systemClock } from "../../src/clock.ts";
import { encodeSettings } from "../../src/env.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { archiveBucketName } from "../../src/names.ts";
import { type ReplayerHandler, replayer } from "../../src/replay/index.ts";
import { s3Objects } from "../../src/segments/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { busHere } from "../helpers/bus-here.ts";
import { eventually } from "../helpers/eventually.ts";
import { createJobsTable } from "../helpers/jobs-table.ts";
import { runBus } from "../helpers/run-bus.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { keptBus, minuteMs } from "../ops/archive/kept-bus.ts";

const folder = temporaryFolder();
const startMs = Math.floor(systemClock.nowMs() / minuteMs) * minuteMs - 2 * minuteMs;
const span = new Date(startMs).toISOString().slice(0, 16).replace(/[T:]/g, "-");
const consumers = { LockStock: ["order.created:1"], Points: ["order.created:1", "order.paid:1"] };
const idOf = (nth: number) => `o-${100 + nth}`;
let endpoint: EndpointProcess;
let address: string;
let clients: ReturnType<typeof awsClients>;

/** Whether there is a function for fleets, and what its invocations answer. */
let isDeployed = false;
const invoked: ReturnType<ReplayerHandler>[] = [];

/** The function `shop-replayer`, in this process. */
function invoke(event: unknown) {
  const settings = { bus: "shop", account: "000000000000", region: "us-east-1" };
  const times = { spanMs: minuteMs, graceMs: 5_000, rawKeepMs: 604_800_000 };
  const handler = replayer({ v: 1, ...settings, ...times }, { sink: () => {} });
  return handler(event, { getRemainingTimeInMillis: () => 900_000 });
}

/** A bus with 30 orders, the first 20 of them sealed, and a payment. */
beforeAll(async () => {
  const dataDir = join(folder, "data");
  mkdirSync(dataDir);
  const settingsOf = (consumer: string, on: readonly string[]) =>
    encodeSettings({
      ...{ v: 1, bus: "shop", consumer, on, emits: [], mode: consumer === "Points" ? "none" : "once" },
      ...{ fifo: false, account: "000000000000", region: "us-east-1", attempts: 5, firstDelayMs: 1_000 },
      ...{ maxDelayMs: 10_000, marginMs: 1_000, keepMs: 86_400_000, parallel: 10 },
    });
  const Functions = Object.entries(consumers).map(([name, on]) => ({
    FunctionName: `shop-${name}`,
    Environment: { Variables: { OMNIBUS: settingsOf(name, on) } },
  }));
  endpoint = await startEndpoint(
    { port: 0, region: "us-east-1", dataDir },
    {
      answerLambda: async ({ method, url, body }) => {
        const answer = (status: number, value: object) => ({
          status,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(value),
        });
        if (!url.includes("/shop-replayer")) return answer(200, { Functions });
        if (!isDeployed) return answer(404, { __type: "ResourceNotFoundException", Message: "not found" });
        if (method === "POST") invoked.push(invoke(JSON.parse(body)));
        return answer(method === "POST" ? 202 : 200, { FunctionName: "shop-replayer", State: "Active" });
      },
      onExit: () => {},
    },
  );
  address = `http://127.0.0.1:${endpoint.port}`;
  clients = awsClients(address);
  const bucket = archiveBucketName("shop", "000000000000", "us-east-1");
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const name of Object.keys(consumers)) {
    await clients.sqs.send(new CreateQueueCommand({ QueueName: `shop-${name}` }));
  }
  await createJobsTable({ client: clients.dynamodb }, "shop-jobs");
  for (const TableName of ["shop-ledger", "shop-limits"]) {
    await clients.dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      }),
    );
  }
  for (let nth = 0; nth < 5; nth++) await done(idOf(nth));
  const bus = keptBus({ store: s3Objects({ bucket, client: clients.s3 }), startMs });
  const orders = (from: number, count: number) =>
    Array.from({ length: count }, (_, nth) => ({
      id: idOf(from + nth),
      data: { cents: 100 * (from + nth) },
    }));
  await bus.events(...orders(0, 20));
  await bus.clock.advance(minuteMs + 5_000);
  await bus.seal();
  await bus.events(...orders(20, 10), { id: "p-1", type: "order.paid" });
}, 60_000);
// So that one that has failed does not fail the others.
afterEach(() => Promise.all([taken("LockStock"), taken("Points")]));
afterAll(async () => {
  clients?.destroy();
  await endpoint?.stop();
});

const here = () => ({
  AWS_ENDPOINT_URL: address,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
});

/** The ledger of LockStock knows an order as done. */
async function done(id: string): Promise<void> {
  const item = {
    pk: ledgerKey({ consumer: "LockStock", source: "/shop/web", id }),
    ...{ consumer: "LockStock", source: "/shop/web", id, type: "order.created", state: "done" },
  };
  const Item = Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }]));
  await clients.dynamodb.send(new PutItemCommand({ TableName: "shop-ledger", Item }));
}

/** Runs `bus replay …` in this process. */
const replayed = (...words: readonly string[]) =>
  busHere([replay], ["replay", ...words], { directory: folder, environment: here() });

/** What lies in a consumer's queue, and takes it out. */
async function taken(consumer: keyof typeof consumers) {
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: `shop-${consumer}` }));
  const found: Message[] = [];
  for (;;) {
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    if (Messages.length === 0) return found;
    for (const { ReceiptHandle } of Messages) {
      await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    found.push(...Messages);
  }
}
const idsOf = (messages: readonly Message[]) => messages.map(({ Body = "" }) => JSON.parse(Body).id).sort();
const orders = (from: number, to: number) => Array.from({ length: to - from }, (_, nth) => idOf(from + nth));

describe("bus replay", () => {
  it("shows first what it would send, and sends nothing without a yes", async () => {
    const { code, out, err } = await replayed("LockStock", "--from", "1h");

    expect(code).toBe(0);
    expect(err).toContain(`target: ${address}, account 000000000000`);
    expect(err).toContain("nothing was changed: give --yes to do it");
    expect(out).toContain("30 events selected for shop-LockStock; 25 to send at 50/s, in 1 s");
    expect(out).toContain("5 done already, and left out; 0 dead, 0 begun, 25 not known");
    expect(out).toContain(`order.created  /shop/web o-100  ${span}/0/0`);
    expect(await taken("LockStock")).toEqual([]);
  });

  it("sends what was published in a time to one consumer, and leaves out what is done", async () => {
    const { code, json } = await replayed("LockStock", "--from", "1h", "--rate", "500", "--yes", "--json");

    expect(code).toBe(0);
    expect(json).toMatchObject({
      consumer: "shop-LockStock",
      selected: 30,
      done: 5,
      replay: { state: "done", counts: { sent: 25, skipped: 5, refused: 0 } },
    });
    expect(idsOf(await taken("LockStock"))).toEqual(orders(5, 30));
    expect(await taken("Points")).toEqual([]);
  });

  it("runs done events again, under the replay's id", async () => {
    const { json } = await replayed("LockStock", "--id", "o-101,o-102,p-1", "--again", "--yes", "--json");

    const messages = await taken("LockStock");
    expect(idsOf(messages)).toEqual(["o-101", "o-102"]);
    expect(messages.map(({ MessageAttributes }) => MessageAttributes?.omnibus?.StringValue)).toEqual(
      Array.from({ length: 2 }, () => JSON.stringify({ replayId: json.replay.id })),
    );
  });

  it("sends from an offset to another, and the ids of a file", async () => {
    writeFileSync(join(folder, "ids.txt"), "o-107\n\n o-125 \r\n");

    await replayed("LockStock", "--from", `${span}/0/10`, "--to", `${span}/0/12`, "--yes");
    const byOffset = idsOf(await taken("LockStock"));
    await replayed("LockStock", "--ids", "ids.txt", "--yes");

    expect([byOffset, idsOf(await taken("LockStock"))]).toEqual([orders(10, 12), ["o-107", "o-125"]]);
  });

  it("sends what a condition or a question in SQL chooses", async () => {
    const condition = "(data->>'cents')::bigint >= 2700 order by id";
    const byCondition = await replayed("LockStock", "--sql", condition, "--again", "--yes", "--json");
    const first = idsOf(await taken("LockStock"));
    const question = "select id, source from archive where id in ('o-101', 'o-129', 'p-1');";
    await replayed("LockStock", "--from", "1h", "--sql", question, "--again", "--yes");

    expect(first).toEqual(orders(27, 30));
    expect(byCondition.json.replay.selection.list).toMatchObject({ events: 3 });
    expect(byCondition.json.replay.selection).toHaveProperty("fromMs");
    expect(idsOf(await taken("LockStock"))).toEqual(["o-101", "o-129"]);
  });

  it("is stopped by Ctrl-C, killed by SIGKILL, and gone on with; others see how far it is", async () => {
    const words = ["replay", "LockStock", "--from", "1h", "--again", "--rate", "10", "--yes"];
    const first = runBus(words, { cwd: folder, environment: here() });
    await first.said("Ctrl-C stops it");
    await eventually("some are sent", async () => (await depth("LockStock")) > 2, 60_000);
    first.child.kill("SIGINT");
    await first.ended;
    const [, id = ""] = /resume (\S+)/.exec(first.written.out) ?? [];
    const stopped = await replayed("status", id, "--json");

    const second = runBus(["replay", "resume", id], { cwd: folder, environment: here() });
    const atStop = stopped.json.replays[0].counts.sent;
    await eventually("more are sent", async () => (await depth("LockStock")) > atStop + 2, 60_000);
    second.child.kill("SIGKILL");
    await second.ended;
    const killed = await replayed("status", id);

    expect(stopped.json.replays).toMatchObject([{ state: "stopped", selected: 30 }]);
    expect(killed.out).toMatch(/running|killed/);
    expect((await replayed("cancel", id)).code).toBe(0);
    expect((await replayed("resume", id)).err).toContain("was cancelled");
    expect((await replayed("status")).out).toContain("cancelled");
    await taken("LockStock");
  }, 150_000);

  it("has a fleet send them, in order of their keys if it is told to, and watches it", async () => {
    const words = ["LockStock", "--from", "1h", "--rate", "500", "--fleet", "3", "--ordered", "--yes"];
    const missing = await replayed(...words);
    isDeployed = true;
    const { code, err, json } = await replayed(...words, "--json");
    const status = await replayed("status", json.replay.id);

    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining("no function shop-replayer")]);
    expect(code).toBe(0);
    expect(err).toContain("by 3 functions");
    expect(err).toContain("shop-LockStock is no ordered queue");
    expect(err).toContain("3 functions are at it, in 3 parts");
    expect(json.replay).toMatchObject({ state: "done", ordered: true, fleet: { members: 3, parts: 3 } });
    expect(json.replay.counts).toEqual({ sent: 25, skipped: 5, refused: 0 });
    expect(status.out).toMatch(/done .* 500\/s fleet 3/);
    expect(idsOf(await taken("LockStock"))).toEqual(orders(5, 30));
    expect((await Promise.all(invoked)).map(({ member }) => member)).toEqual([0, 1, 2]);
    expect((await replayed("cancel", json.replay.id)).err).toContain("could be cancelled");
    expect((await replayed("resume", json.replay.id)).code).toBe(0);
  }, 60_000);

  it.each<readonly [readonly string[], string]>([
    [["LockStock", "--from", "1h", "--fleet", "0"], "the fleet has 0 members; a whole number from 1 to 50"],
    [["LockStock", "--from", "1h", "--fleet", "51"], "the fleet has 51 members"],
    [["LockStock", "--from", "1h", "--fleet", "many"], "is no number of functions"],
    [["LockStock", "--from", "1h", "--shadow"], "LockStock is of mode once: its handler does things itself"],
    [["compare", "20260101-000000-000000-shadow"], "there is no replay 20260101-000000-000000-shadow of bus"],
    [["Nobody", "--from", "1h"], 'there is no consumer "Nobody" here; there is shop-LockStock, shop-Points'],
    [["LockStock"], "what is to be sent? give --from"],
    [["LockStock", "--from", "1h", "--rate", "0"], "the rate is 0 a second; 0.1 to 100000 are allowed"],
    [["LockStock", "--from", "1h", "--rate=-5"], "the rate is -5 a second"],
    [["LockStock", "--from", "1h", "--rate", "fast"], "is no rate"],
    [
      ["LockStock", "--from", "1h", "--type", "order.paid"],
      "LockStock does not handle order.paid; it handles order.created",
    ],
    [["LockStock", "--from", `${span}/0/20`], `segment 0 of span ${span} ends at ${span}/0/19`],
    [["LockStock", "--from", "2026-01-01-00-00/0/0"], "there is no span 2026-01-01-00-00"],
    [["LockStock", "--from", "0s"], "the archive has no such event for this consumer: nothing was sent"],
    [["LockStock", "--id", "never"], "the archive has no such event for this consumer"],
    [["LockStock", "--ids", "nowhere.txt"], "--ids: ENOENT"],
    [["LockStock", "--sql", "cents > 5"], "cents"],
    [["LockStock", "--sql", "delete from archive"], "syntax error"],
    [["LockStock", "--sql", "select id from archive"], "source and id are needed"],
    [["LockStock", "--sql", "false"], "the question has no event for an answer"],
    [["LockStock", "--sql", "true", "--id", "o-101"], "--sql chooses events by itself"],
    [["LockStock", "--from", "1h", "--to", "2h"], "--from is not before --to"],
    [["Points", "--from", "1h"], "Points keeps no ledger (mode none)"],
    [["resume", "20260101-000000-000000"], "there is no replay 20260101-000000-000000 of bus shop"],
    [["cancel", "20260101-000000-000000"], "there is no replay 20260101-000000-000000 of bus shop"],
  ])("refuses %j, and sends nothing", async (words, text) => {
    const { code, err } = await replayed(
      ...words,
      ...(["resume", "cancel", "compare"].includes(words[0] ?? "") ? [] : ["--yes"]),
    );

    expect(err).toContain(text);
    expect(code).toBe(2);
    expect([await depth("LockStock"), await depth("Points")]).toEqual([0, 0]);
  });

  it("sends what the ledger cannot know when it is told to", async () => {
    const { code } = await replayed(
      "Points",
      "--from",
      "1h",
      "--type",
      "order.p*",
      "--beyond-ledger",
      "--yes",
    );

    expect(code).toBe(0);
    expect(idsOf(await taken("Points"))).toEqual(["p-1"]);
  });
});

async function depth(consumer: keyof typeof consumers): Promise<number> {
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: `shop-${consumer}` }));
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}
