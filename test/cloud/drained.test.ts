import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { App, Stack } from "aws-cdk-lib/core";
import { doctor } from "../../cli/commands/doctor.ts";
import { lag } from "../../cli/commands/lag.ts";
import { pause } from "../../cli/commands/pause.ts";
import { resume } from "../../cli/commands/resume.ts";
import { status } from "../../cli/commands/status.ts";
import { Consumer, EventBus } from "../../lib/index.ts";
import { type LocalCloud, startLocalCloud } from "../../local/cloud/index.ts";
import { sealEvent } from "../../src/contract/index.ts";
import { orderBilled, postOffice } from "../fixtures/drained/contracts.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { busHere } from "../helpers/bus-here.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** A line of the function's log: of the handler, or of the drainer. */
interface Line {
  readonly message: string;
  readonly time: string;
  readonly orderId?: string;
  readonly received?: number;
  readonly end?: string;
}

const assembly = temporaryFolder();
const lines: Line[] = [];
let cloud: LocalCloud;
let clients: ReturnType<typeof awsClients>;

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false, outdir: assembly });
  const stack = new Stack(app, "shop");
  const bus = new EventBus(stack, "Bus", {
    name: "shop",
    contracts: [orderBilled],
    governor: false,
    archive: false,
  });
  new Consumer(stack, "SendBill", {
    bus,
    on: [orderBilled],
    entry: new URL("../fixtures/drained/send-bill.ts", import.meta.url),
    limits: [postOffice],
  });
  cloud = await startLocalCloud({
    assembly: app.synth().directory,
    port: 0,
    onLog: (_name, line) => {
      const json = /\{.*\}/.exec(line)?.[0];
      if (json?.startsWith('{"')) lines.push(JSON.parse(json));
    },
  });
  clients = awsClients(cloud.endpoint);
}, 120_000);
afterAll(async () => {
  clients?.destroy();
  await cloud?.stop();
});

const linesOf = (message: string) => lines.filter((line) => line.message === message);

/** `bus` against this cloud: its answer, as JSON. */
async function bus(...words: string[]): Promise<Record<string, unknown>> {
  const { json } = await busHere([doctor, lag, pause, resume, status], [...words, "--json"], {
    directory: assembly,
    environment: {
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_REGION: cloud.region,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    },
  });
  return json;
}

async function send(orderId: string): Promise<void> {
  const sealed = await sealEvent(orderBilled, { orderId }, { id: orderId, source: "/shop", timeMs: 0 });
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: "shop-SendBill" }));
  await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: sealed.body }));
}

/** A schedule like its own one that comes now: a new rate runs at once. */
async function runNow(name: string): Promise<void> {
  const url = `${cloud.endpoint}/schedules/`;
  const headers = {
    "content-type": "application/json",
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/scheduler/aws4_request, SignedHeaders=host, Signature=0",
  };
  const own = (await (await fetch(`${url}shop-SendBill`, { headers })).json()) as Record<string, unknown>;
  const { FlexibleTimeWindow, ScheduleExpression, Target } = own;
  const body = JSON.stringify({ FlexibleTimeWindow, ScheduleExpression, Target });
  const { status } = await fetch(`${url}${name}`, { method: "POST", headers, body });
  expect(status).toBe(200);
}

describe("a consumer that a schedule drains, in the local cloud", () => {
  it("is called with the template, and leaves where nothing waits", async () => {
    await eventually("its first run", () => linesOf("drained").length > 0, 30_000);

    expect(cloud.unsupported).toEqual([]);
    expect(linesOf("drained")[0]).toMatchObject({ received: 0, end: "empty" });
  });

  it("starts its events as far apart as its limit says, and deletes them", async () => {
    for (const orderId of ["o-1", "o-2", "o-3"]) await send(orderId);

    await runNow("now");
    await eventually("three bills", () => linesOf("bill sent").length === 3, 30_000);
    await eventually("the end of the run", () =>
      linesOf("drained").find(({ end, received }) => end === "empty" && received === 3),
    );

    expect(
      linesOf("bill sent")
        .map(({ orderId }) => orderId)
        .sort(),
    ).toEqual(["o-1", "o-2", "o-3"]);
    const times = linesOf("bill sent").map(({ time }) => Date.parse(time));
    // Three seconds each; one that was late by all that a start may be late by is half a second nearer to the next.
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(5_400);
    expect(await bus("lag", "SendBill")).toMatchObject({
      consumers: [{ lag: { state: "caught up", visible: 0, inFlight: 0 } }],
    });
  });

  it("is known to the doctor, and stands still while it is paused", async () => {
    expect(((await bus("doctor")) as { findings: { check: string }[] }).findings).toContainEqual({
      check: "schedule",
      level: "ok",
      message: "shop-SendBill: drained by its schedule, rate(1 minute)",
    });

    expect(await bus("pause", "SendBill")).toMatchObject({ changed: true, arrived: true });
    await send("o-4");
    const runs = linesOf("drained").length;
    await runNow("paused");
    await eventually("a run that is held", () =>
      linesOf("drained")
        .slice(runs)
        .some(({ end }) => end === "held"),
    );

    expect(await bus("status", "SendBill")).toMatchObject({ buses: [{ consumers: [{ state: "held" }] }] });
    expect(linesOf("bill sent")).toHaveLength(3);

    expect(await bus("resume", "SendBill")).toMatchObject({ changed: true, arrived: true });
    await runNow("resumed");
    await eventually("the fourth bill", () => linesOf("bill sent").length === 4);
  });
});
