import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { SqsEvent } from "../../src/consume/index.ts";
import { functionProbes, type MappingFacts, type Probes, sqsInFlight } from "../../src/governor/index.ts";
import { settingsFor } from "../helpers/consumer-world.ts";
import { type LambdaEndpoint, startLambdaEndpoint } from "../helpers/lambda-endpoint.ts";
import { startQueues, type TestQueues } from "../helpers/start-queues.ts";

type Answer = { status: "ok" | "error"; payload: string };
const mapping: MappingFacts = {
  uuid: "u",
  consumer: "LockStock",
  queue: "shop-LockStock",
  state: "Disabled",
  maximumConcurrency: 10,
  isProvisioned: false,
};

describe("functionProbes", () => {
  let queues: TestQueues;
  let lambda: LambdaEndpoint;
  let probes: Probes;
  let payloads: (SqsEvent & { readonly omnibus?: unknown })[];
  let answer: () => Promise<Answer> | "throttled";
  const says = (payload: unknown): Promise<Answer> =>
    Promise.resolve({ status: "ok", payload: JSON.stringify(payload) });
  beforeAll(async () => {
    queues = await startQueues();
    lambda = await startLambdaEndpoint(settingsFor(), (payload) => {
      payloads.push(JSON.parse(payload));
      return answer();
    });
    probes = functionProbes({
      bus: "shop",
      account: "000000000000",
      region: "us-east-1",
      lambda: lambda.client,
      sqs: queues.client,
    });
  });
  afterAll(async () => {
    await lambda.stop();
    await queues.stop();
  });
  let made = 0;
  let here: MappingFacts;
  beforeEach(() => {
    payloads = [];
    here = { ...mapping, queue: `shop-LockStock${made++}` };
    queues.createQueue(here.queue);
  });

  it("asks the consumer's own probe, and passes on what it says", async () => {
    answer = () =>
      says({ batchItemFailures: [], probe: { verdict: "down", dependency: "payments", why: "503" } });

    expect(await probes.ask(mapping, "payments")).toEqual({
      verdict: "down",
      dependency: "payments",
      why: "503",
    });
    expect(payloads).toEqual([{ omnibus: { v: 1, probe: "payments" } }]);
  });

  it("has found out nothing where the function fails, is throttled, or is of an older version", async () => {
    answer = () => Promise.resolve({ status: "error", payload: '{"errorMessage":"boom"}' });
    expect(await probes.ask(mapping, "payments")).toMatchObject({
      verdict: "unknown",
      why: expect.stringMatching(/shop-LockStock failed: .*boom/),
    });
    answer = () => "throttled";
    expect(await probes.ask(mapping, "payments")).toMatchObject({
      verdict: "unknown",
      why: expect.stringContaining("TooManyRequestsException"),
    });
    answer = () => says({ batchItemFailures: [] });
    expect(await probes.ask(mapping, "payments")).toMatchObject({
      verdict: "unknown",
      why: expect.stringContaining("deploy it with this version"),
    });
  });

  it("hands one message to the function as Lambda would, and deletes it when it is handled", async () => {
    await queues.client.send(
      new SendMessageCommand({
        QueueUrl: `${queues.endpoint}/000000000000/${here.queue}`,
        MessageBody: '{"a":"ä"}',
        MessageAttributes: {
          type: { DataType: "String", StringValue: "order.created" },
          raw: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 3]) },
        },
      }),
    );
    answer = () => says({ batchItemFailures: [], probe: { verdict: "up" } });

    expect(await probes.letThrough(here, "payments")).toEqual({ verdict: "up" });

    const [record] = payloads[0]?.Records ?? [];
    expect(payloads[0]?.omnibus).toEqual({ v: 1, probe: "payments" });
    expect(record).toMatchObject({
      body: '{"a":"ä"}',
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${here.queue}`,
      attributes: { ApproximateReceiveCount: "1" },
      messageAttributes: {
        type: { dataType: "String", stringValue: "order.created" },
        raw: { dataType: "Binary", binaryValue: "AQID" },
      },
    });
    expect(queues.count(here.queue)).toEqual({ visible: 0, invisible: 0 });
  });

  it("leaves a message that comes again, and one whose function has failed", async () => {
    queues.put(here.queue, "one");
    answer = () =>
      says({
        batchItemFailures: [{ itemIdentifier: "whatever" }],
        probe: { verdict: "down", dependency: "stock" },
      });
    expect(await probes.letThrough(here, "payments")).toEqual({ verdict: "down", dependency: "stock" });
    expect(queues.count(here.queue)).toEqual({ visible: 0, invisible: 1 });

    queues.put(here.queue, "two");
    answer = () => Promise.resolve({ status: "error", payload: "{}" });
    expect(await probes.letThrough(here, "payments")).toMatchObject({ verdict: "unknown" });
    expect(queues.count(here.queue)).toEqual({ visible: 0, invisible: 2 });
    expect(await sqsInFlight({ client: queues.client })(here.queue)).toBe(2);
  });

  it("goes by the answer alone where the function says nothing of probes", async () => {
    queues.put(here.queue, "one");
    answer = () => says(null);
    expect(await probes.letThrough(here, "payments")).toEqual({ verdict: "up" });

    queues.put(here.queue, "two");
    answer = () => says({ batchItemFailures: [{ itemIdentifier: "" }] });
    expect(await probes.letThrough(here, "payments")).toEqual({ verdict: "down" });
  });

  it("says that the queue shows no message, or is not there", async () => {
    expect(await probes.letThrough(here, "payments")).toEqual({
      verdict: "unknown",
      why: "the queue shows no message",
      isEmpty: true,
    });
    const gone = await probes.letThrough({ ...here, queue: "shop-Gone" }, "payments");
    expect(gone).toMatchObject({
      verdict: "unknown",
      why: expect.stringMatching(/QueueDoesNotExist|NonExistent/),
    });
    expect(gone.isEmpty).toBeUndefined();
    expect(payloads).toEqual([]);
  });
});
