import { SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";

/** An SQS stand-in of its own for one test file. */
export interface TestQueues {
  readonly client: SQSClient;
  readonly endpoint: string;
  createQueue(name: string, attributes?: Record<string, string>): void;
  /** Puts a message into a queue; `omnibus` is the note of a dead letter. */
  put(queueName: string, body: string, omnibus?: string): void;
  /** How many messages are visible, and how many are not. */
  count(queueName: string): { visible: number; invisible: number };
  stop(): Promise<void>;
}

/** Starts fauxqs on a free port, in memory. */
export async function startQueues(): Promise<TestQueues> {
  const server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
  const endpoint = `http://127.0.0.1:${server.port}`;
  const client = new SQSClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    // Its queue URLs name a host that does not resolve.
    useQueueUrlAsEndpoint: false,
  });
  return {
    client,
    endpoint,
    createQueue: (name, attributes = {}) => {
      server.createQueue(name, { attributes });
    },
    put: (queueName, body, omnibus) => {
      server.sendMessage(
        queueName,
        body,
        omnibus === undefined
          ? {}
          : { messageAttributes: { omnibus: { DataType: "String", StringValue: omnibus } } },
      );
    },
    count: (queueName) => {
      const messages = server.inspectQueue(queueName)?.messages;
      return { visible: messages?.ready.length ?? 0, invisible: messages?.inflight.length ?? 0 };
    },
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}
