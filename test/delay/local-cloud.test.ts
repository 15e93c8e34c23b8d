import { GetQueueUrlCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { SqsSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { App, Stack } from "aws-cdk-lib/core";
import { z } from "zod";
import { delayed } from "../../cli/commands/delayed.ts";
import { runProgram } from "../../cli/index.ts";
import { EventBus } from "../../lib/index.ts";
import { type LocalCloud, startLocalCloud } from "../../local/cloud/index.ts";
import { delaySchedulesConformance } from "../../local/testing/index.ts";
import { systemClock } from "../../src/clock.ts";
import { defineEvent, sealEvent } from "../../src/contract/index.ts";
import { delayKeyOf, encodeDelayed, wireKeptSchedules, wireSchedules } from "../../src/delay/index.ts";
import { delayScheduleName } from "../../src/names.ts";
import { createPublisher, type Publisher } from "../../src/publish/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const reminderDue = defineEvent("reminder.due", {
  version: 1,
  topic: "reminders",
  schema: z.object({ text: z.string() }),
});
const before = { ...process.env };
const assembly = temporaryFolder();
const keys = { accessKeyId: "local", secretAccessKey: "local" };
let cloud: LocalCloud;
let clients: ReturnType<typeof awsClients>;
let publisher: Publisher;

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false, outdir: assembly });
  const stack = new Stack(app, "shop");
  const bus = new EventBus(stack, "Bus", {
    name: "shop",
    contracts: [reminderDue],
    governor: false,
    archive: false,
    delay: true,
  });
  const inbox = new Queue(stack, "Inbox", { queueName: "inbox" });
  bus.topic("reminders").addSubscription(new SqsSubscription(inbox, { rawMessageDelivery: true }));
  cloud = await startLocalCloud({ assembly: app.synth().directory, port: 0 });
  clients = awsClients(cloud.endpoint);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: cloud.region,
  });
  publisher = createPublisher({
    ...{ bus: "shop", source: "/shop/web", account: "000000000000", region: cloud.region },
  });
}, 120_000);
afterAll(async () => {
  await publisher?.close();
  process.env = before;
  clients?.destroy();
  await cloud?.stop();
});

/** The id of the next event that reaches the topic, and when it did. */
async function next(): Promise<{ id: string; atMs: number } | undefined> {
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: "inbox" }));
  for (let tries = 0; tries < 2; tries++) {
    const { Messages: [message] = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }),
    );
    if (message) return { id: JSON.parse(message.Body ?? "").id, atMs: systemClock.nowMs() };
  }
  return undefined;
}

/** Scheduler, as the bus's function and the command line call it. */
function schedulesHere() {
  const target = {
    endpoint: cloud.endpoint,
    region: cloud.region,
    domain: "amazonaws.com",
    credentials: keys,
  };
  const arnOf = (name: string) => `arn:aws:sqs:${cloud.region}:000000000000:${name}`;
  const schedules = wireSchedules({
    target,
    queueArn: arnOf("shop-delayed"),
    deadLetterArn: arnOf("shop-delayed-dead"),
    roleArn: "arn:aws:iam::000000000000:role/r",
  });
  return { schedules, kept: wireKeptSchedules({ target }), nowMs: systemClock.nowMs };
}

async function bus(...words: string[]) {
  const terminal = recordedTerminal();
  const code = await runProgram({ version: "0", commands: [delayed] }, [...words, "--json"], terminal);
  return { code, ...JSON.parse(terminal.written.out.trim().split("\n").at(-1) ?? "{}") };
}

describe("EventBridge Scheduler's API, by signed calls", () => {
  for (const { name, check } of delaySchedulesConformance(() => schedulesHere())) it(name, check, 30_000);
});

describe("bus delayed", () => {
  it("lists, shows and cancels what waits for longer than a queue holds it", async () => {
    const at = new Date(systemClock.nowMs() + 86_400_000);
    await publisher.publish(reminderDue, { text: "later" }, { id: "r-9", at });
    await eventually("it is in a schedule", async () => {
      const { buses } = await bus("delayed", "list");
      return buses[0].scheduled.length === 1;
    });

    const { buses } = await bus("delayed", "list", "--bus", "shop");
    const shown = await bus("delayed", "show", "r-9");
    const asked = await bus("delayed", "cancel", "r-9");
    const cancelled = await bus("delayed", "cancel", "r-9", "--yes");
    const again = await bus("delayed", "cancel", "r-9", "--source", "/shop/web", "--yes");
    const unknown = await bus("delayed", "cancel", "r-9", "--yes");

    expect(buses).toMatchObject([
      {
        bus: "shop",
        queued: { dead: 0 },
        scheduled: [{ id: "r-9", type: "reminder.due", due: at.toISOString(), state: "waits" }],
      },
    ]);
    expect(JSON.stringify(buses)).not.toContain("later");
    expect(shown).toMatchObject({
      code: 0,
      events: [{ message: { body: expect.stringContaining("later") } }],
    });
    expect(asked).toMatchObject({ code: 0, dryRun: true });
    expect(cancelled).toMatchObject({ code: 0, dryRun: false, state: "cancelled", unscheduled: true });
    expect(again).toMatchObject({ code: 0, state: "cancelled", unscheduled: false });
    expect(unknown).toMatchObject({ code: 2, error: { message: expect.stringContaining("no schedule") } });
    expect(await publisher.cancel("r-9")).toBe("cancelled");
  }, 60_000);

  it("says when it was too late, and where no bus delays", async () => {
    const { id } = await publisher.publish(reminderDue, { text: "now" }, { afterMs: 1 });
    await next();

    expect(await bus("delayed", "cancel", id, "--source", "/shop/web", "--yes")).toMatchObject({
      code: 3,
      state: "sent",
    });
    expect(await bus("delayed", "list", "--bus", "other")).toMatchObject({ code: 2 });
  }, 60_000);
});

describe("a bus with a delay, deployed", () => {
  it("publishes what is due, and nothing that was cancelled", async () => {
    const beginMs = systemClock.nowMs();

    await publisher.publish(reminderDue, { text: "never" }, { id: "r-0", afterMs: 1_000 });
    expect(await publisher.cancel("r-0")).toBe("cancelled");
    await publisher.publish(reminderDue, { text: "soon" }, { id: "r-1", afterMs: 2_000 });
    const first = await next();

    expect(first?.id).toBe("r-1");
    expect(first?.atMs).toBeGreaterThanOrEqual(beginMs + 2_000);
    expect(await publisher.cancel("r-1")).toBe("sent");
  }, 60_000);

  it("is brought what was in a schedule, which is then gone", async () => {
    const dueMs = systemClock.nowMs() + 2_000;
    const message = await sealEvent(
      reminderDue,
      { text: "by schedule" },
      { id: "r-2", source: "/shop/web", timeMs: 0 },
    );
    const { schedules, kept } = schedulesHere();
    const name = delayScheduleName("shop", delayKeyOf(message));

    await schedules.put(name, dueMs, encodeDelayed(message, dueMs));
    await schedules.put(name, dueMs, encodeDelayed(message, dueMs));
    await schedules.put(name, dueMs + 60_000, encodeDelayed(message, dueMs + 60_000));
    const arrived = await next();

    expect(arrived?.id).toBe("r-2");
    expect(arrived?.atMs).toBeGreaterThanOrEqual(dueMs);
    expect(await kept.read(name)).toBeUndefined();
  }, 60_000);

  it("says where there is no queue what to deploy", async () => {
    const other = createPublisher({
      bus: "other",
      source: "/web",
      account: "000000000000",
      region: cloud.region,
    });

    await expect(other.publish(reminderDue, { text: "" }, { afterMs: 1_000 })).rejects.toMatchObject({
      failed: [{ code: "delay-missing", retryable: false, message: expect.stringContaining("delay: true") }],
    });
  });
});
