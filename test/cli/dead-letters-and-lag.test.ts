import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { dlq } from "../../cli/commands/dlq.ts";
import { lag } from "../../cli/commands/lag.ts";
import { plan } from "../../cli/commands/plan.ts";
import { runProgram } from "../../cli/index.ts";
import type { LetterGroup } from "../../ops/dead-letters/index.ts";
import { defineEvent } from "../../src/index.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { busHere } from "../helpers/bus-here.ts";
import { eventually } from "../helpers/eventually.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";
import { type RunningBus, runBus } from "../helpers/run-bus.ts";

const cache = new URL("../../.cache/", import.meta.url).pathname;
const groups = 6;
const lettersPerGroup = 30;

const contract = `
import * as z from "zod";
import { defineEvent } from "../../src/index.ts";
export const orderCreated = defineEvent("order.created", {
  version: 1, topic: "orders", schema: z.object({ n: z.int(), kind: z.int() }),
});
`;
const app = `
import { App, Stack } from "aws-cdk-lib/core";
import { Consumer, EventBus } from "../../lib/index.ts";
import { orderCreated } from "./contract.ts";
const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Shop");
const bus = new EventBus(stack, "Bus", { name: "shop", contracts: [orderCreated], archive: false });
for (const name of ["Stock", "Points"]) {
  new Consumer(stack, name, { bus, on: [orderCreated], entry: import.meta.dirname + "/" + name + ".ts" });
}
`;
/** Dies of one of six things, until a file says that all is well. */
const stock = (fixed: string) => `
import { existsSync } from "node:fs";
import { consume, PermanentError } from "../../src/index.ts";
import { orderCreated } from "./contract.ts";
const words = ["no stock for order", "price of", "unknown country of", "\\u001b[2Jcard refused:", "late:", "fraud in"];
export const handler = consume(orderCreated, async ({ data: { n, kind } }) => {
  if (!existsSync(${JSON.stringify(fixed)})) throw new PermanentError(words[kind] + " o-" + n);
  console.log("RAN " + n + ".");
});
`;
const points = `
import { consume } from "../../src/index.ts";
import { orderCreated } from "./contract.ts";
export const handler = consume(orderCreated, async () => {});
`;

let folder: string;
let cloud: RunningBus;
let here: NodeJS.ProcessEnv;
let clients: ReturnType<typeof awsClients>;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "dlq-test-"));
  const files = {
    "cdk.json": '{ "app": "node app.ts" }',
    "app.ts": app,
    "contract.ts": contract,
    "Stock.ts": stock(join(folder, "fixed")),
    "Points.ts": points,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  cloud = runBus(["local", "--port", "0", "--json"], { cwd: folder });
  const { endpoint } = (await cloud.json()) as { endpoint: string };
  here = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  clients = awsClients(endpoint);
  await publishAll(endpoint);
  await eventually(
    "all are dead letters",
    async () => (await depthOf("shop-Stock-dead")) === groups * lettersPerGroup,
    60_000,
  );
}, 180_000);

afterAll(async () => {
  clients?.destroy();
  cloud?.child.kill("SIGKILL");
  await cloud?.ended;
  rmSync(folder, { recursive: true, force: true });
});

async function publishAll(endpoint: string) {
  const orderCreated = defineEvent("order.created", {
    version: 1,
    topic: "orders",
    schema: z.object({ n: z.int(), kind: z.int() }),
  });
  const publisher = createPublisher({
    bus: "shop",
    source: "/shop/test",
    account: "000000000000",
    region: "us-east-1",
    topics: wireTopics({
      endpoint,
      region: "us-east-1",
      domain: "amazonaws.com",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  });
  const all = Array.from({ length: groups * lettersPerGroup }, (_, n) => ({ n, kind: n % groups }));
  await publisher.publishAll(orderCreated, all);
  await publisher.close();
}

const urlOf = async (QueueName: string) =>
  (await clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;

/** All that a queue holds, hidden or not. */
async function depthOf(queueName: string): Promise<number> {
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: await urlOf(queueName), AttributeNames: ["All"] }),
  );
  return (
    Number(Attributes?.ApproximateNumberOfMessages) +
    Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
  );
}

/** Runs a command to its end. */
const bus = (words: readonly string[], environment = here) =>
  busHere([dlq, lag, plan], words, { directory: folder, environment });

/** How often each order was handled since all is well. */
function runs(): Map<number, number> {
  const found = new Map<number, number>();
  for (const [, n] of cloud.written.err.matchAll(/RAN (\d+)\./g))
    found.set(Number(n), (found.get(Number(n)) ?? 0) + 1);
  return found;
}

const listed = async (): Promise<LetterGroup[]> =>
  (await bus(["dlq", "list", "Stock", "--json"])).json.consumers[0].groups;

describe("bus dlq list", () => {
  it("shows each consumer's groups, without what a terminal would act on", async () => {
    const { code, out, err } = await bus(["dlq", "list"]);

    expect(code).toBe(0);
    expect(err).toContain(`target: ${here.AWS_ENDPOINT_URL}, account 000000000000`);
    expect(out).toContain("shop-Points: no dead letters");
    expect(out).toContain(`shop-Stock: ${groups * lettersPerGroup} dead letters in ${groups} groups`);
    expect(out).toMatch(
      /^ {2}[\da-f]{8} +30 {2}.* ago +order\.created +permanent +PermanentError: card refused: <id>$/m,
    );
    expect(out).not.toContain("\u001b");
    // Looking has hidden nothing.
    expect((await listed()).map(({ count }) => count)).toEqual(Array(groups).fill(lettersPerGroup));
  }, 60_000);
});

describe("bus dlq show", () => {
  it("shows what is chosen, with all that it carries, and how many more there are", async () => {
    const { code, out, err } = await bus(["dlq", "show", "Stock", "--error", "card refused", "--limit", "2"]);

    expect(code).toBe(0);
    expect(err).toContain(`${lettersPerGroup - 2} more: give --limit`);
    expect(out.match(/^ {2}body +│ \{"specversion":"1.0"/gm)).toHaveLength(2);
    expect(out).toMatch(/^ {2}reason +permanent, after 1 attempts$/m);
    expect(out).not.toContain("\u001b");
  }, 60_000);
});

describe("bus dlq show, for what SQS itself has moved", () => {
  it("has the started runs from the ledger", async () => {
    const { json } = await bus(["dlq", "show", "Stock", "--limit", "1", "--json"]);
    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: "shop-Points-dead" }));
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: json.letters[0].body }));

    const { out, err } = await bus(["dlq", "show", "Points"]);
    await bus(["dlq", "purge", "Points", "--confirm", "Points"]);

    expect(out).toMatch(/^ {2}reason +receive-backstop, after 1 attempts$/m);
    expect(err).not.toContain("cannot tell of attempts");
    expect(await depthOf("shop-Points-dead")).toBe(0);
  }, 60_000);
});

describe("bus dlq redrive", () => {
  it("shows what it would send, and sends nothing, unless told", async () => {
    const { code, out, err } = await bus(["dlq", "redrive", "Stock", "--type", "order.created"]);

    expect(code).toBe(0);
    expect(out).toContain("180 dead letters in 6 groups");
    expect(err).toContain(
      "would send 180 back to shop-Stock at 50/s, in 4 s; nothing was changed: give --yes",
    );
    expect(await depthOf("shop-Stock-dead")).toBe(180);
  }, 60_000);

  it("killed half-way and run again, has each of a group handled once, and leaves the others as they were", async () => {
    writeFileSync(join(folder, "fixed"), "");
    const before = await listed();
    const chosen = before.find(({ error }) => error?.pattern.startsWith("price of"));
    const words = [
      "dlq",
      "redrive",
      "Stock",
      "--group",
      chosen?.group ?? "",
      "--hold",
      "2",
      "--yes",
      "--json",
    ];

    const first = runBus([...words, "--rate", "15"], { cwd: folder, environment: here });
    await eventually(
      "half of them are sent",
      async () => (await depthOf("shop-Stock-dead")) <= groups * lettersPerGroup - lettersPerGroup / 2,
    );
    first.child.kill("SIGKILL");
    await first.ended;
    const halfWay = groups * lettersPerGroup - (await depthOf("shop-Stock-dead"));
    const { code, json, err } = await bus(words);

    expect(halfWay).toBeLessThan(lettersPerGroup);
    expect({ code, err: err.match(/failed \d+, left \d+/)?.[0] }).toEqual({
      code: 0,
      err: "failed 0, left 0",
    });
    expect(json).toMatchObject({
      dryRun: false,
      moved: lettersPerGroup - halfWay,
      failed: 0,
      left: 0,
      unseen: 0,
    });
    await eventually("all of them are handled", async () => runs().size === lettersPerGroup);
    expect([...runs().values()]).toEqual(Array(lettersPerGroup).fill(1));
    expect([...runs().keys()].every((n) => n % groups === 1)).toBe(true);
    const strip = (found: readonly LetterGroup[]) =>
      found
        .filter(({ group }) => group !== chosen?.group)
        .sort((a, b) => (a.group < b.group ? -1 : 1))
        .map(({ example: _, ...rest }) => rest);
    expect(strip(await listed())).toEqual(strip(before));
  }, 120_000);

  it("does not handle again what is done", async () => {
    const QueueUrl = await urlOf("shop-Stock-undelivered");
    const done = cloud.written.err.length;
    const { json } = await bus(["dlq", "show", "Stock", "--error", "no stock", "--limit", "1", "--json"]);
    const [letter] = json.letters as { body: string; ids: string[] }[];
    for (let copy = 0; copy < 2; copy++) {
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: letter?.body }));
    }

    const redriven = await bus(["dlq", "redrive", "Stock", "--queue", "undelivered", "--yes", "--json"]);

    expect(redriven.json).toMatchObject({ moved: 2, failed: 0 });
    await eventually("both are gone", async () => (await depthOf("shop-Stock")) === 0);
    await eventually("the other one is a duplicate", () =>
      cloud.written.err.slice(done).includes('"outcome":"duplicate"'),
    );
    expect(cloud.written.err.slice(done).match(/RAN \d+\./g)).toHaveLength(1);
  }, 60_000);
});

describe("bus dlq purge", () => {
  it("deletes when the consumer's name is given once more, and only then", async () => {
    const words = ["dlq", "purge", "Stock", "--error", "fraud in"];

    const shown = await bus(words);
    const wrong = await bus([...words, "--confirm", "Points"]);
    expect({ shown: shown.code, wrong: wrong.code }).toEqual({ shown: 0, wrong: 2 });
    expect(shown.err).toContain("nothing was changed: give --confirm Stock to do it");
    expect(wrong.err).toContain('"Points" is not the consumer\'s name, "Stock": nothing was deleted');
    expect(await depthOf("shop-Stock-dead")).toBe(150);

    const { code, out } = await bus([...words, "--confirm", "Stock"]);
    expect({ code, out }).toEqual({ code: 0, out: "deleted 30, failed 0, left 0\n" });
    expect(await depthOf("shop-Stock-dead")).toBe(120);
  }, 60_000);
});

describe("bus dlq", () => {
  it.each([
    [["list", "Nobody"], 'there is no consumer "Nobody" here; there is shop-Points, shop-Stock'],
    [["list", "--bus", "shoq"], 'no consumer here belongs to a bus "shoq"; there is shop'],
    [["redrive", "Stock", "--rate", "0"], "--rate: 0 is not allowed: give 0.1 to 1000 a second"],
  ])("answers what is wrong with %j", async (words, message) => {
    const ended = await bus(["dlq", ...words]);

    expect(ended).toMatchObject({ code: 2, out: "" });
    expect(ended.err).toContain(message);
  });

  it.each([
    [["redrive", "Stock", "--rate", "fast"], "is no rate"],
    [["redrive", "Stock", "--rate", "50/h"], "is no rate"],
    [["redrive", "Stock", "--group", "x"], "is no group"],
    [["redrive", "Stock", "--since", "soon"], "is no moment"],
    [["redrive", "Stock", "--queue", "work"], "give processing or undelivered"],
    [["redrive"], "missing required argument"],
  ])("refuses %j before it asks any cloud", async (words, message) => {
    const terminal = recordedTerminal();

    const code = await runProgram({ version: "0", commands: [dlq] }, ["dlq", ...words], terminal);

    expect({ code, out: terminal.written.out }).toEqual({ code: 2, out: "" });
    expect(terminal.written.err).toContain(message);
  });

  it("changes nothing without credentials for where it would go, and says where that is", async () => {
    const nowhere = {
      ...here,
      AWS_ENDPOINT_URL: undefined,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_PROFILE: undefined,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    const { code, err } = await bus(["dlq", "redrive", "Stock"], nowhere);

    expect(code).toBe(2);
    expect(err).toMatch(/^target: the real cloud \(AWS_ENDPOINT_URL is not set\), account unknown/);
    expect(err).toContain("nothing was done");
  });
});

describe("bus plan", () => {
  it("reads a deployed consumer's settings, mapping and queue", async () => {
    const { code, json } = await bus(["plan", "Points", "--arrivals", "5/s", "--handler", "40ms", "--json"]);

    expect(json).toMatchObject({
      bus: "shop",
      consumer: {
        name: "Points",
        concurrency: 10,
        batchSize: 10,
        memoryMb: 512,
        timeoutMs: 30_000,
        visibilityMs: 180_000,
        retentionMs: 345_600_000,
        maxReceiveCount: 890,
        region: here.AWS_REGION,
      },
      chosen: [],
      works: true,
    });
    expect(code).toBe(0);
  });
});

describe("bus lag", () => {
  it("tells each consumer's verdict, held ones too, and what came and went in the last minute", async () => {
    const { EventSourceMappings: [mapping] = [] } = await clients.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: "shop-Stock" }),
    );
    await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled: false }));

    const table = await bus(["lag", "--every", "1"]);
    const one = await bus(["lag", "Points", "--every", "1", "--json"]);

    expect(table.code).toBe(0);
    expect(table.err).toContain(`target: ${here.AWS_ENDPOINT_URL}`);
    expect(table.out).toMatch(/^CONSUMER +VISIBLE +IN FLIGHT +DELAYED +OLDEST/);
    expect(table.out).toMatch(
      /^shop-Points +0 +0 +0 +0 s +[\d.]+ +[\d.]+ +0 +now +caught up: nothing waits$/m,
    );
    expect(table.out).toMatch(/^shop-Stock .* held: its mapping is Disab(led|ling); 0 wait$/m);
    expect(one.json.consumers).toMatchObject([
      { consumer: "Points", lag: { state: "caught up", drainSeconds: 0 } },
    ]);
    const { oldestSeconds, inPerSecond, outPerSecond } = one.json.consumers[0].lag;
    expect({ oldestSeconds, inPerSecond }).toEqual({ oldestSeconds: 0, inPerSecond: outPerSecond });
  }, 60_000);

  it("looks again and again when it is to watch, and says which consumers there are to an unknown one", async () => {
    const watching = runBus(["lag", "--watch", "--every", "1", "--json"], { cwd: folder, environment: here });
    await eventually("two looks are told", () => watching.written.out.split("\n").length > 2);
    watching.child.kill("SIGINT");
    expect(await watching.ended).toBe(130);

    const { code, err } = await bus(["lag", "Nobody"]);
    expect(code).toBe(2);
    expect(err).toContain("there is shop-Points, shop-Stock");
  }, 60_000);
});
