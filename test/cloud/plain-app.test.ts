import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { PublishCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type LocalCloud, startLocalCloud, synthesize } from "../../local/cloud/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";
import { pythonTools } from "../helpers/python-tools.ts";

const run = promisify(execFile);
const directory = fileURLToPath(new URL("../fixtures/plain-app/", import.meta.url));
// Inside the project, so that the function finds the SDK that Lambda would bring.
const outDir = join(directory, "cdk.out");
const scripts = fileURLToPath(new URL("../fixtures/any-sdk/", import.meta.url));

let cloud: LocalCloud;
let clients: ReturnType<typeof awsClients>;

beforeAll(async () => {
  const { assembly } = await synthesize({ directory, outDir });
  cloud = await startLocalCloud({ assembly, port: 0 });
  clients = awsClients(cloud.endpoint);
}, 120_000);
afterAll(async () => {
  clients?.destroy();
  await cloud?.stop();
});

const outputs = () =>
  Object.assign({}, ...cloud.stacks.map((stack) => stack.outputs)) as Record<string, string>;

/** What the app's own function wrote down about a message. */
async function written(id: string): Promise<Record<string, string | undefined>> {
  const item = await eventually(`message ${id} is written down`, async () => {
    const key = { TableName: "plain-small", Key: { id: { S: id } } };
    return (await clients.dynamodb.send(new GetItemCommand(key))).Item;
  });
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, value.S]));
}

describe("an app that knows nothing of Omnibus", () => {
  it("has its parameters, mappings, conditions, substitutions and imports worked out", () => {
    expect(cloud.stacks.map(({ name }) => name)).toEqual(["Base", "Work"]);
    expect(outputs()).toMatchObject({
      TableName: "plain-small",
      TopicArn: "arn:aws:sns:us-east-1:000000000000:plain-small-us-east-1",
      QueueUrl: `${cloud.endpoint}/000000000000/Work-events`,
      StreamArn: expect.stringMatching(
        /^arn:aws:dynamodb:us-east-1:000000000000:table\/plain-small\/stream\/./,
      ),
    });
    const ids = cloud.stacks[0]?.resources.map(({ logicalId }) => logicalId);
    expect(ids).not.toContain("LargeTopic");
    expect(cloud.functions.specs().find(({ name }) => name === "plain-writer")?.environment).toEqual({
      TABLE: "plain-small",
      GREETING: "hello from context",
      AZ: "us-east-1a",
      ENCODED: "cGxhaW4=",
      PARTS: "aws",
    });
  });

  it("gets an event through topic, filter, queue, mapping and function to its table", async () => {
    const publish = (id: string, kind: string) =>
      clients.sns.send(
        new PublishCommand({
          TopicArn: outputs().TopicArn,
          Message: JSON.stringify({ id }),
          MessageGroupId: "tenant",
          MessageAttributes: { kind: { DataType: "String", StringValue: kind } },
        }),
      );

    await publish("filtered out", "unwanted");
    await publish("let in", "wanted");

    expect(await written("let in")).toEqual({
      id: "let in",
      body: '{"id":"let in"}',
      greeting: "hello from context",
      group: "tenant",
    });
    const key = { TableName: "plain-small", Key: { id: { S: "filtered out" } } };
    expect((await clients.dynamodb.send(new GetItemCommand(key))).Item).toBeUndefined();
  });

  it("says what of it is not here", () => {
    expect(cloud.unsupported).toEqual([
      "Work/Queue (AWS::SQS::Queue): property Sparkle is not applied here",
      "Work/Machine: AWS::StepFunctions::StateMachine is not part of the local cloud",
    ]);
  });
});

describe("Lambda's API", () => {
  const echo = { FunctionName: "plain-echo" };
  const textOf = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString();

  it("lists and describes functions, by name and by ARN", async () => {
    const { Functions } = await clients.lambda.send(new ListFunctionsCommand({}));
    const { Configuration, Concurrency } = await clients.lambda.send(new GetFunctionCommand(echo));
    const FunctionName = "arn:aws:lambda:us-east-1:000000000000:function:plain-writer";
    const writer = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));

    expect(Functions?.map((each) => each.FunctionName).sort()).toEqual(["plain-echo", "plain-writer"]);
    expect(Configuration).toMatchObject({ ...echo, Handler: "index.handler", Timeout: 3, MemorySize: 128 });
    expect(Concurrency?.ReservedConcurrentExecutions).toBe(2);
    expect(writer).toMatchObject({
      FunctionArn: FunctionName,
      Environment: { Variables: { TABLE: "plain-small" } },
    });
    await expect(
      clients.lambda.send(new GetFunctionCommand({ FunctionName: "nobody" })),
    ).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("invokes: waiting for the answer, not waiting, and not at all", async () => {
    const invoke = (more: object) => clients.lambda.send(new InvokeCommand({ ...echo, ...more }));

    const answered = await invoke({ Payload: Buffer.from('{"a":1}') });
    const failed = await invoke({ Payload: Buffer.from('{"fail":true}') });
    const event = await invoke({ InvocationType: "Event", Payload: Buffer.from("{}") });
    const dry = await invoke({ InvocationType: "DryRun" });

    expect([answered.StatusCode, textOf(answered.Payload)]).toEqual([200, '{"echo":{"a":1}}']);
    expect(failed).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(JSON.parse(textOf(failed.Payload))).toMatchObject({
      errorType: "Error",
      errorMessage: "asked to fail",
    });
    expect([event.StatusCode, dry.StatusCode]).toEqual([202, 204]);
    await expect(invoke({ Payload: Buffer.from("{") })).rejects.toMatchObject({
      name: "InvalidRequestContentException",
    });
  });

  it("throttles at a concurrency of nought, and lets go again", async () => {
    const invoke = () => clients.lambda.send(new InvokeCommand(echo));

    await clients.lambda.send(
      new PutFunctionConcurrencyCommand({ ...echo, ReservedConcurrentExecutions: 0 }),
    );
    const { ReservedConcurrentExecutions } = await clients.lambda.send(
      new GetFunctionConcurrencyCommand(echo),
    );
    expect(ReservedConcurrentExecutions).toBe(0);
    await expect(invoke()).rejects.toMatchObject({ name: "TooManyRequestsException" });

    await clients.lambda.send(new DeleteFunctionConcurrencyCommand(echo));
    expect(
      (await clients.lambda.send(new GetFunctionConcurrencyCommand(echo))).ReservedConcurrentExecutions,
    ).toBe(undefined);
    expect((await invoke()).StatusCode).toBe(200);
  });

  it("lists, reads and changes event source mappings", async () => {
    const list = async (filter: object) =>
      (await clients.lambda.send(new ListEventSourceMappingsCommand(filter))).EventSourceMappings ?? [];
    const [mapping] = await list({ FunctionName: "plain-writer" });
    const UUID = mapping?.UUID ?? "";
    const change = (more: object) =>
      clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...more }));

    expect(mapping).toMatchObject({
      BatchSize: 10,
      State: "Enabled",
      EventSourceArn: expect.stringContaining(":Work-events"),
    });
    expect(await list({ FunctionName: "plain-echo" })).toEqual([]);
    expect(await list({ EventSourceArn: mapping?.EventSourceArn })).toHaveLength(1);

    await change({ Enabled: false, ScalingConfig: { MaximumConcurrency: 2 } });
    await eventually("the mapping is off", async () => {
      const { State, ScalingConfig } = await clients.lambda.send(new GetEventSourceMappingCommand({ UUID }));
      return State === "Disabled" && ScalingConfig?.MaximumConcurrency === 2;
    });
    expect(await change({ Enabled: true, BatchSize: 5, ScalingConfig: {} })).toMatchObject({ BatchSize: 5 });
    expect(cloud.mappings()[0]?.spec.maximumConcurrency).toBeUndefined();
    await expect(change({ BatchSize: 0 })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    await expect(
      clients.lambda.send(new GetEventSourceMappingCommand({ UUID: "00000000-0000-0000-0000-000000000000" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("any SDK, with nothing but AWS_ENDPOINT_URL", () => {
  /** The environment of a shell in which nothing else is set. */
  const environment = () => ({
    PATH: `${join(process.execPath, "..")}:/usr/local/bin:/usr/bin:/bin`,
    HOME: "/nonexistent",
    AWS_ENDPOINT_URL: cloud.endpoint.replace("127.0.0.1", "localhost"),
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  });
  const cloudEvent = (id: string) =>
    JSON.stringify({ specversion: "1.0", id, source: "by/hand", type: "thing.happened", data: {} });
  let tools: Awaited<ReturnType<typeof pythonTools>>;

  beforeAll(async () => {
    tools = await pythonTools();
  }, 300_000);

  // Version 1 of it takes SQS of the regions that it knows to be at queue.amazonaws.com, whatever the variable says
  // (awscli/customizations/overridesslcommonname.py). A region that it does not know, or --endpoint-url, helps.
  it.each([
    ["in a region of its own", { AWS_DEFAULT_REGION: "local" }, []],
    ["told the endpoint", {}, ["--endpoint-url"]],
  ])(
    "is the AWS command line, %s",
    async (_how, variables, options) => {
      const told = options.flatMap((option) => [option, cloud.endpoint]);
      const env = { ...environment(), ...variables };
      const id = `by-cli-${options.length}`;
      const aws = async (...words: string[]) =>
        JSON.parse(
          (await run(tools.python, [tools.aws, "--output", "json", ...told, ...words], { env })).stdout,
        );

      const { Topics } = await aws("sns", "list-topics");
      const { QueueUrls } = await aws("sqs", "list-queues");
      const url = QueueUrls.find((each: string) => each.endsWith("/Work-events"));
      const { Attributes } = await aws(
        "sqs",
        "get-queue-attributes",
        "--queue-url",
        url,
        "--attribute-names",
        "All",
      );
      await aws(
        ...["sns", "publish", "--topic-arn", Topics[0].TopicArn, "--message", cloudEvent(id)],
        ...["--message-attributes", '{"kind":{"DataType":"String","StringValue":"wanted"}}'],
      );
      const identity = await aws("sts", "get-caller-identity");

      expect(Attributes).toMatchObject({
        VisibilityTimeout: "30",
        QueueArn: expect.stringContaining(":Work-events"),
      });
      expect(identity.Account).toBe("000000000000");
      expect(await written(id)).toMatchObject({ body: cloudEvent(id) });
    },
    60_000,
  );

  it.each([
    ["boto3", "any-sdk.py", () => tools.python],
    ["the JavaScript SDK", "any-sdk.mjs", () => process.execPath],
  ] as const)(
    "is %s",
    async (_name, script, program) => {
      const id = `by-${script}`;

      const { stdout } = await run(program(), [join(scripts, script), cloudEvent(id)], {
        env: environment(),
      });

      expect(JSON.parse(stdout)).toEqual({
        topics: [outputs().TopicArn],
        queues: expect.arrayContaining([outputs().QueueUrl]),
        visibility: "30",
      });
      expect(await written(id)).toMatchObject({ body: cloudEvent(id) });
    },
    60_000,
  );
});
