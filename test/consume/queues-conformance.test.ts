import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { type QueuesWorld, queuesConformance } from "../../local/testing/queues-conformance.ts";
import { inMemoryQueues, sqsQueues } from "../../src/consume/index.ts";

const binding = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

describe("inMemoryQueues", () => {
  const make = async (): Promise<QueuesWorld> => {
    const queueArn = "arn:aws:sqs:us-east-1:000000000000:q";
    const queues = inMemoryQueues({ exist: [queueArn] });
    const waiting = queues.delayed;
    return {
      queues,
      queueArn,
      receiveOne: async () => "handle",
      visible: async () => [
        ...waiting
          .filter(({ delaySeconds }) => delaySeconds === 0)
          .map(() => ({ body: "m", attributes: {} })),
        ...[...queues.deadLetters, ...queues.sent].map(({ body, attributes }) => ({
          body,
          attributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, value.stringValue ?? ""]),
          ),
        })),
      ],
    };
  };
  for (const { name, check } of queuesConformance(make)) it(name, check);
});

describe("sqsQueues on fauxqs", () => {
  let server: FauxqsServer;
  let client: SQSClient;
  let queuesMade = 0;
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false });
    client = new SQSClient({
      ...binding,
      endpoint: `http://127.0.0.1:${server.port}`,
      useQueueUrlAsEndpoint: false,
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  const make = async (): Promise<QueuesWorld> => {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: `queue-${queuesMade++}` }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
    );
    const receive = async () => {
      const answer = await client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      return answer.Messages ?? [];
    };
    return {
      queues: sqsQueues({ client }),
      queueArn: Attributes?.QueueArn ?? "",
      receiveOne: async () => {
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "m" }));
        const [message] = await receive();
        return message?.ReceiptHandle ?? "";
      },
      visible: async () => {
        const all = [];
        for (let some = await receive(); some.length > 0; some = await receive()) all.push(...some);
        return all.map((message) => ({
          body: message.Body ?? "",
          attributes: Object.fromEntries(
            Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
              name,
              value.StringValue ?? "",
            ]),
          ),
        }));
      },
    };
  };
  for (const { name, check } of queuesConformance(make)) it(name, check);
});
