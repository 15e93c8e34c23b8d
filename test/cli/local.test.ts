import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type RunningBus, runBus } from "../helpers/run-bus.ts";

const cache = new URL("../../.cache/", import.meta.url).pathname;

const app = `
import { App, CfnOutput, Duration, Stack } from "aws-cdk-lib/core";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as sqs from "aws-cdk-lib/aws-sqs";

const app = new App();
const stack = new Stack(app, "Hello");
const queue = new sqs.Queue(stack, "Queue", { queueName: "hello", visibilityTimeout: Duration.seconds(30) });
const fn = new lambda.Function(stack, "Function", {
  functionName: "hello-greeter",
  runtime: lambda.Runtime.NODEJS_LATEST,
  handler: "index.handler",
  code: lambda.Code.fromAsset("handlers"),
});
new lambda.CfnEventSourceMapping(stack, "Mapping", { functionName: fn.functionName, eventSourceArn: queue.queueArn });
new CfnOutput(stack, "QueueUrl", { value: queue.queueUrl });
`;
const handler = (greeting: string) => `
export const handler = async (event) => {
  for (const { body } of event.Records) console.log("${greeting} " + body + "\\u001b[2J");
};
`;

describe("bus local", () => {
  let folder: string;
  let bus: RunningBus | undefined;

  beforeEach(() => {
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, "local-test-"));
    mkdirSync(join(folder, "handlers"));
    writeFileSync(join(folder, "cdk.json"), '{ "app": "node app.ts" }');
    writeFileSync(join(folder, "app.ts"), app);
    writeFileSync(join(folder, "handlers", "index.mjs"), handler("hello"));
  });

  afterEach(async () => {
    bus?.child.kill("SIGKILL");
    await bus?.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it("runs the app of the folder, shows what it says, reloads what changes, and ends at Ctrl-C", async () => {
    bus = runBus(["local", "--port", "0", "--json"], { cwd: folder });

    const description = (await bus.json()) as {
      endpoint: string;
      stacks: { outputs: { QueueUrl: string } }[];
    };
    expect(description).toMatchObject({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      account: "000000000000",
      region: "us-east-1",
      functions: [{ name: "hello-greeter" }],
      queues: ["hello"],
      topics: [],
      tables: [],
      unsupported: [],
    });

    const client = new SQSClient({
      endpoint: description.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const send = (body: string) =>
      client.send(
        new SendMessageCommand({ QueueUrl: description.stacks[0]?.outputs.QueueUrl, MessageBody: body }),
      );
    await send("world");
    await bus.said("hello-greeter: hello world[2J");

    writeFileSync(join(folder, "handlers", "index.mjs"), handler("goodbye"));
    await bus.said("reloaded: ");
    await send("world");
    await bus.said("hello-greeter: goodbye world");
    client.destroy();

    bus.child.kill("SIGINT");
    expect(await bus.ended).toBe(130);
    expect(bus.written.out.trimEnd().split("\n")).toHaveLength(1);
    expect(bus.written.err).not.toContain("\u001b");
  }, 60_000);

  it("prints endpoint, functions, queues, outputs and what to try", async () => {
    bus = runBus(["local", "--port", "0"], { cwd: folder });
    await new Promise<void>((resolve) => {
      bus?.child.stdout?.on("data", () => {
        if (bus?.written.out.includes("Ctrl-C ends everything")) resolve();
      });
    });

    expect(bus.written.out).toMatch(
      /^endpoint {3}http:\/\/127\.0\.0\.1:\d+ {3}\(account 000000000000, region us-east-1\)$/m,
    );
    expect(bus.written.out).toMatch(/^functions {2}hello-greeter$/m);
    expect(bus.written.out).toMatch(/^queues {5}hello$/m);
    expect(bus.written.out).toMatch(/^outputs {4}Hello\.QueueUrl = http/m);
    expect(bus.written.out).toMatch(
      /AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+ .* aws --endpoint-url .* sqs list-queues$/m,
    );
  }, 60_000);

  it("answers 3 and says what to do where the data folder is a file, before anything else", async () => {
    bus = runBus(["local", "--port", "0", "--data", "app.ts", "--json"], { cwd: folder });

    expect(await bus.ended).toBe(3);
    expect(bus.written.err).not.toContain("synthesizing");
    expect(await bus.json()).toMatchObject({
      error: {
        code: "data-folder",
        message: expect.stringContaining(`${join(folder, "app.ts")} is a file): give a folder`),
      },
    });
  }, 30_000);

  it("answers 3 and says what to do where there is no app", async () => {
    rmSync(join(folder, "cdk.json"));
    bus = runBus(["local", "--port", "0", "--json"], { cwd: folder });

    expect(await bus.ended).toBe(3);
    expect(bus.written.err).toContain("has no cdk.json");
    expect(await bus.json()).toMatchObject({ error: { code: "app-missing" } });
  }, 30_000);
});
