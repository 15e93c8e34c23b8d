import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { answerLambda, type LambdaApi } from "../../local/cloud/lambda-api/index.ts";
import { inMemoryQueue } from "../../local/mapping/in-memory-queue.ts";
import { type InvokePort, type Mapping, type MappingSpec, startMapping } from "../../local/mapping/index.ts";
import { type ConsumerSettings, encodeSettings, settingsVariable } from "../../src/env.ts";
import { functionName, queueName } from "../../src/names.ts";

const region = "us-east-1";
const account = "000000000000";

/** Lambda's API as the local cloud has it, over one function that a test gives, and one mapping. */
export interface LambdaEndpoint {
  readonly client: LambdaClient;
  readonly mapping: Mapping;
  /** Adds mappings that are no consumer's own. */
  add(spec: Partial<MappingSpec> & Pick<MappingSpec, "uuid">): void;
  stop(): Promise<void>;
}

export async function startLambdaEndpoint(
  settings: ConsumerSettings,
  run: (payload: string) => Promise<{ status: "ok" | "error"; payload: string }> | "throttled",
): Promise<LambdaEndpoint> {
  const name = functionName(settings.bus, settings.consumer);
  const spec: MappingSpec = {
    uuid: "11111111-1111-4111-8111-111111111111",
    queueArn: `arn:aws:sqs:${region}:${account}:${queueName(settings.bus, settings.consumer)}`,
    functionName: name,
    batchSize: 10,
    windowMs: 0,
    maximumConcurrency: 10,
    reportBatchItemFailures: true,
    fifo: false,
    enabled: true,
  };
  const functions: InvokePort = { invoke: async () => ({ status: "ok", payload: "{}" }) };
  const start = (one: MappingSpec) =>
    startMapping(one, { queue: inMemoryQueue({ visibilityTimeoutMs: 1_000 }), functions });
  const mappings = [start(spec)];
  const api = {
    region,
    account,
    concurrency: new WeakMap(),
    stacks: () => [],
    functions: {
      specs: () => [
        {
          name,
          arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
          runtime: "nodejs24.x",
          handler: "index.handler",
          codeDir: "/",
          environment: { [settingsVariable]: encodeSettings(settings) },
          timeoutMs: 30_000,
          memoryMb: 512,
        },
      ],
      invoke: async (_name: string, payload: string) => {
        const answer = run(payload);
        if (answer === "throttled") return { status: "throttled" };
        const { status, payload: text } = await answer;
        return status === "ok" ? { status, payload: text } : { status, kind: "thrown", payload: text };
      },
    },
    mappings: {
      all: () => mappings,
      streams: () => [],
      get: (uuid: string) => mappings.find((one) => one.spec.uuid === uuid),
    },
  } as unknown as LambdaApi;
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const {
      status,
      headers: answered,
      body,
    } = await answerLambda(
      { method, url, headers: headers as Record<string, string>, body: await text(request) },
      api,
    );
    response.writeHead(status, answered).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = new LambdaClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  return {
    client,
    mapping: mappings[0] as Mapping,
    add: (more) => mappings.push(start({ ...spec, ...more, enabled: false })),
    async stop() {
      client.destroy();
      await Promise.all(mappings.map((one) => one.stop()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
