import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { dlq } from "../../cli/commands/dlq.ts";
import { lag } from "../../cli/commands/lag.ts";
import { pause } from "../../cli/commands/pause.ts";
import { resume } from "../../cli/commands/resume.ts";
import { status as statusCommand } from "../../cli/commands/status.ts";
import type { BusStatus, ConsumerStatus } from "../../ops/holds/index.ts";
import { systemClock } from "../../src/clock.ts";
import { defineEvent } from "../../src/index.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import { busHere } from "../helpers/bus-here.ts";
import { eventually } from "../helpers/eventually.ts";
import { type RunningBus, runBus } from "../helpers/run-bus.ts";

const cache = new URL("../../.cache/", import.meta.url).pathname;
const contract = `
import * as z from "zod";
import { dlq } from "../../cli/commands/dlq.ts";
import { lag } from "../../cli/commands/lag.ts";
import { pause } from "../../cli/commands/pause.ts";
import { resume } from "../../cli/commands/resume.ts";
import { status as statusCommand } from "../../cli/commands/status.ts";
import { defineEvent } from "../../src/index.ts";
export const orderPaid = defineEvent("order.paid", { version: 1, topic: "orders", schema: z.object({ n: z.int() }) });
`;
const app = `
import { App, Duration, Stack } from "aws-cdk-lib/core";
import { Consumer, EventBus } from "../../lib/index.ts";
import { orderPaid } from "./contract.ts";
const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Shop");
const bus = new EventBus(stack, "Bus", { name: "shop", contracts: [orderPaid] });
new Consumer(stack, "Charge", {
  bus, on: [orderPaid], entry: import.meta.dirname + "/charge.ts", maximumConcurrency: 2,
  breaker: { probeEvery: Duration.seconds(2) },
});
`;
/** A partner that is down while a file says so. */
const charge = (down: string) => `
import { existsSync } from "node:fs";
import { consume, DependencyDown } from "../../src/index.ts";
import { orderPaid } from "./contract.ts";
export const handler = consume(orderPaid, async ({ data: { n } }) => {
  if (existsSync(${JSON.stringify(down)})) throw new DependencyDown("payments", { cause: "503" });
  console.log("PAID " + n + ".");
});
`;
const orderPaid = defineEvent("order.paid", {
  version: 1,
  topic: "orders",
  schema: z.object({ n: z.int() }),
});

let folder: string;
let down: string;
let cloud: RunningBus;
let here: NodeJS.ProcessEnv;
let published = 0;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "governor-test-"));
  down = join(folder, "down");
  const files = {
    "cdk.json": '{ "app": "node app.ts" }',
    "app.ts": app,
    "contract.ts": contract,
    "charge.ts": charge(down),
    down: "",
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
}, 180_000);

afterAll(async () => {
  cloud?.child.kill("SIGKILL");
  await cloud?.ended;
  rmSync(folder, { recursive: true, force: true });
});

async function publish(count: number): Promise<void> {
  const publisher = createPublisher({
    bus: "shop",
    source: "/shop/test",
    account: "000000000000",
    region: "us-east-1",
    topics: wireTopics({
      endpoint: here.AWS_ENDPOINT_URL ?? "",
      region: "us-east-1",
      domain: "amazonaws.com",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  });
  await publisher.publishAll(
    orderPaid,
    Array.from({ length: count }, () => ({ n: published++ })),
  );
  await publisher.close();
}

/** How many of the orders are paid. */
const paid = () => new Set([...cloud.written.err.matchAll(/PAID (\d+)\./g)].map(([, n]) => n)).size;

/** Runs a command to its end. */
const bus = (...words: readonly string[]) =>
  busHere([dlq, lag, pause, resume, statusCommand], words, { directory: folder, environment: here });

const status = async (): Promise<ConsumerStatus & { readonly hasGovernor: boolean | undefined }> => {
  const { json } = await bus("status", "Charge", "--json");
  const [found] = json.buses as readonly BusStatus[];
  return { ...(found?.consumers[0] as ConsumerStatus), hasGovernor: found?.hasGovernor };
};
const stateIs = (state: string) =>
  eventually(
    `the consumer is ${state}`,
    async () => {
      const found = await status();
      return found.state === state && found;
    },
    60_000,
  );

describe("an outage in the local cloud", () => {
  it("closes the consumer, keeps probing, and ends by itself when the partner is back", async () => {
    await publish(40);

    const held = await stateIs("held");
    expect(held).toMatchObject({
      mapping: "Disabled",
      hasGovernor: true,
      holds: [{ name: "breaker:payments", why: "payments is down: 503", by: "Charge" }],
    });
    await eventually("a probe was in vain", async () => (await status()).probe?.verdict === "down", 30_000);
    const { out } = await bus("status");
    expect(out).toMatch(/^shop-Charge {2}held {3}breaker:payments .* payments is down: 503$/m);
    expect(paid()).toBe(0);

    rmSync(down);
    const backMs = systemClock.nowMs();
    await eventually("recovery has begun", () => paid() > 0, 30_000);
    expect(systemClock.nowMs() - backMs).toBeLessThan(10_000);
    await eventually("all are paid", () => paid() === 40, 90_000);
    expect(await stateIs("running")).toMatchObject({ mapping: "Enabled", holds: [], maximumConcurrency: 2 });
    expect((await bus("dlq", "list", "Charge", "--json")).json.consumers[0].groups).toEqual([]);
  }, 180_000);

  it("leaves a paused consumer closed until it is resumed, and says what there is to say", async () => {
    const paused = await bus("pause", "Charge", "--reason", "counting");
    expect([paused.code, paused.out]).toEqual([
      0,
      expect.stringMatching(/^shop-Charge is paused for \d s, by .*: counting\nits mapping is closed\n$/),
    ]);
    const before = paid();
    await publish(10);
    const again = await bus("pause", "Charge");
    expect(again.out).toContain("shop-Charge is paused already");
    expect((await bus("lag", "Charge", "--every", "1", "--json")).json.consumers[0].lag).toMatchObject({
      state: "held",
      reason: expect.stringMatching(/^manual since .*: counting; 10 wait$/),
    });
    expect(paid()).toBe(before);

    const resumed = await bus("resume", "Charge", "--json");

    expect(resumed).toMatchObject({ code: 0, json: { changed: true, arrived: true, others: [] } });
    await eventually("what waited is paid", () => paid() === before + 10, 30_000);
    expect((await bus("resume", "Charge")).out).toContain("shop-Charge is not paused: nothing was changed");
  }, 120_000);

  it("has nothing to say of a consumer that is not there", async () => {
    const { code, err } = await bus("pause", "Chrge");

    expect(code).toBe(2);
    expect(err).toContain('there is no consumer "Chrge" here; there is shop-Charge');
  });
});
