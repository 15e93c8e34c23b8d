import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { ListSubscriptionsCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { DeleteQueueCommand, GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { doctor } from "../../cli/commands/doctor.ts";
import { publish } from "../../cli/commands/publish.ts";
import type { Finding } from "../../ops/doctor/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { busHere } from "../helpers/bus-here.ts";
import { eventually } from "../helpers/eventually.ts";
import { type RunningBus, runBus } from "../helpers/run-bus.ts";

const cache = new URL("../../.cache/", import.meta.url).pathname;

const contract = `
import * as z from "zod";
import { defineEvent } from "../../src/index.ts";
export const orderCreated = defineEvent("order.created", {
  version: 2, topic: "orders", filterable: ["country"],
  schema: z.object({ orderId: z.string(), country: z.string() }),
});
`;
const app = `
import { App, Stack } from "aws-cdk-lib/core";
import { Consumer, EventBus } from "../../lib/index.ts";
import { orderCreated } from "./contract.ts";
const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Shop");
const bus = new EventBus(stack, "Bus", { name: "shop", contracts: [orderCreated] });
const consumer = (name, where) =>
  new Consumer(stack, name, { bus, on: [orderCreated], where, entry: import.meta.dirname + "/handler.ts" });
consumer("Stock", { country: ["de"] });
consumer("Points", {});
`;
const handler = `
import { consume } from "../../src/index.ts";
import { orderCreated } from "./contract.ts";
export const handler = consume(orderCreated, async (event) => {
  console.log("RAN " + process.env.AWS_LAMBDA_FUNCTION_NAME + " " + JSON.stringify([event.id, event.source, event.subject, event.data]));
});
`;

const nowhere: NodeJS.ProcessEnv = {
  AWS_ENDPOINT_URL: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_REGION: "us-east-1",
};

let folder: string;
let cloud: RunningBus;
let here: NodeJS.ProcessEnv;
let clients: ReturnType<typeof awsClients>;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "look-test-"));
  const files = {
    "cdk.json": '{ "app": "node app.ts" }',
    "app.ts": app,
    "contract.ts": contract,
    "handler.ts": handler,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  cloud = runBus(["local", "--port", "0", "--json"], { cwd: folder });
  const { endpoint } = (await cloud.json()) as { endpoint: string };
  here = {
    ...nowhere,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  clients = awsClients(endpoint);
}, 120_000);

afterAll(async () => {
  clients?.destroy();
  cloud?.child.kill("SIGKILL");
  await cloud?.ended;
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command to its end. */
const bus = (words: readonly string[], environment = here, input = "") =>
  busHere([publish, doctor], words, { directory: folder, environment, input });

const data = (orderId: string, country: string) => JSON.stringify({ orderId, country });
/** Which consumers ran for which order, as often as they did. */
const runsOf = (orderId: string) =>
  [...cloud.written.err.matchAll(/RAN shop-(\w+) (\[.*\])/g)].filter(([, , told]) =>
    told?.includes(`"${orderId}"`),
  );

describe("bus publish", () => {
  it("finds bus, topic and version, says where it goes first, and is handled as a publisher's event is", async () => {
    const { code, out, err } = await bus([
      "publish",
      "order.created",
      "--data",
      data("o-1", "de"),
      "--subject",
      "s",
    ]);

    expect({ code, err }).toEqual({
      code: 0,
      err: `target: ${here.AWS_ENDPOINT_URL}, account 000000000000, region us-east-1\norder.created:2 on shop-orders, heard by shop-Points, shop-Stock\n`,
    });
    await eventually("both consumers have run", () => runsOf("o-1").length === 2);
    expect(
      runsOf("o-1")
        .map(([, name]) => name)
        .sort(),
    ).toEqual(["Points", "Stock"]);
    expect(JSON.parse(runsOf("o-1")[0]?.[2] ?? "")).toEqual([
      out.trim(),
      "/bus/publish",
      "s",
      { orderId: "o-1", country: "de" },
    ]);
  }, 60_000);

  it("sends what consumers filter on, and the same event again under the same id", async () => {
    writeFileSync(join(folder, "order.json"), data("o-2", "at"));
    const words = [
      "publish",
      "order.created",
      "--data",
      "@order.json",
      "--id",
      "twice",
      "--count",
      "2",
      "--json",
    ];
    const { code, json } = await bus(words);

    expect(code).toBe(0);
    expect(json).toMatchObject({ filterable: ["country"], published: [{ id: "twice" }, { id: "twice" }] });
    const anyRegion = { ...here, AWS_REGION: "local" };
    const piped = await bus(["publish", "order.created", "--data", "-"], anyRegion, data("o-3", "de"));
    expect(piped.code).toBe(0);
    await eventually("the later one is through", () => runsOf("o-3").length === 2);
    expect(runsOf("o-2").map(([, name]) => name)).toEqual(["Points"]);
  }, 60_000);

  it.each([
    [["publish", "order.created"], 2, "--data is missing"],
    [["publish", "order.created:x", "--data", "1"], 2, "is no type"],
    [["publish", "order.created", "--data", '{"a" 1}'], 3, "line 1, column 6"],
    [["publish", "order.gone", "--data", "{}"], 3, "give --topic"],
    [["publish", "order.created", "--data", "{}", "--topic", "nope"], 3, "the bus has orders"],
  ])("answers what is wrong with %j", async (words, code, message) => {
    const ended = await bus(words);

    expect(ended).toMatchObject({ code, out: "" });
    expect(ended.err).toContain(message);
  });

  it("sends nothing to the real cloud unless told, and says that it would", async () => {
    const { code, err, out } = await bus(["publish", "order.created", "--data", "{}"], nowhere);

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^target: the real cloud \(AWS_ENDPOINT_URL is not set\), account unknown/);
    expect(err).toContain("--yes");
  });

  it.each(["http://127.0.0.1:1", ""])(
    "goes where it says, also when AWS_ENDPOINT_URL_SNS is %j",
    async (elsewhere) => {
      const order = `o-${elsewhere.length}-elsewhere`;

      const { code } = await bus(["publish", "order.created", "--data", data(order, "at")], {
        ...here,
        AWS_ENDPOINT_URL_SNS: elsewhere,
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
      });

      expect(code).toBe(0);
      await eventually("it has come to the endpoint that was named", () => runsOf(order).length === 1);
    },
    60_000,
  );
});

describe("bus doctor", () => {
  it("finds nothing wrong with what was deployed", async () => {
    // A region that the endpoint takes for its own.
    const { code, json } = await bus(["doctor", "--json"], { ...here, AWS_REGION: "local" });

    expect(json.findings.filter(({ level }: Finding) => level !== "ok")).toEqual([]);
    expect({ code, buses: json.buses }).toEqual({ code: 0, buses: ["shop"] });
    expect(json.findings.map(({ message }: Finding) => message)).toContainEqual(
      expect.stringMatching(/^shop-Stock \(stack Shop\): Active/),
    );
    const subjects = json.findings.map(({ check }: Finding) => check);
    expect(subjects.filter((check: string) => check === "contracts")).toHaveLength(2);
    expect(
      json.findings.filter(({ check }: Finding) => check === "job").map(({ message }: Finding) => message),
    ).toEqual([
      "shop-governor: Active, called by its mapping and its schedule",
      "shop-archiver: Active, called by its mapping",
      "shop-journaler: Active, called by its mapping",
      "shop-sealer: Active, called by its schedule",
      "shop-reconciler: Active, called by its schedule",
      "shop-replayer: Active",
    ]);
    expect(subjects.filter((check: string) => check === "archive")).toHaveLength(2);
  }, 60_000);

  it("tells what was broken since, each with a fix, and ends with 3", async () => {
    const { EventSourceMappings: [mapping] = [] } = await clients.lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: "shop-Stock" }),
    );
    await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled: false }));
    const urlOf = async (QueueName: string) =>
      (await clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
    await clients.sqs.send(
      new SendMessageCommand({ QueueUrl: await urlOf("shop-Stock-dead"), MessageBody: "died" }),
    );
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: await urlOf("shop-Points-undelivered") }));
    const { Subscriptions = [] } = await clients.sns.send(new ListSubscriptionsCommand({}));
    const points = Subscriptions.find(({ Endpoint }) => Endpoint?.endsWith(":shop-Points"));
    await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn: points?.SubscriptionArn }));

    const { code, out } = await bus(["doctor", "--bus", "shop"]);

    expect(code).toBe(3);
    expect(out).toMatch(/^warn {2}mapping +shop-Stock: the mapping is Disab.*\n +→ .*--enabled$/m);
    expect(out).toMatch(/^warn {2}dead-letters +shop-Stock-dead: 1 dead letters.*\n +→ /m);
    expect(out).toMatch(/^FAIL {2}undelivered +shop-Points: there is no queue.*\n +→ /m);
    expect(out).toMatch(/^FAIL {2}subscription +shop-Points: no topic of the bus.*\n +→ /m);
    expect(out).toMatch(/\n\d+ ok, 2 to look at, 2 failed$/m);
  }, 60_000);

  it("says plainly that it would look at the real cloud, and that it has no credentials there", async () => {
    const { code, json, err } = await bus(["doctor", "--json"], nowhere);

    expect(code).toBe(3);
    expect(err).toContain("looking at the real cloud (AWS_ENDPOINT_URL is not set), account unknown");
    expect(json.findings.slice(0, 2)).toMatchObject([
      { check: "target", level: "warn" },
      { check: "credentials", level: "fail" },
    ]);
  });
});
