import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { inMemoryQueue } from "../../local/mapping/index.ts";
import { type InboxWorld, inboxConformance } from "../../local/testing/inbox-conformance.ts";
import { inboxOver } from "../../local/testing/test-inbox.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { sqsInbox } from "../../src/consume/index.ts";
import { eventually } from "../helpers/eventually.ts";
import { startQueues, type TestQueues } from "../helpers/start-queues.ts";

describe("inboxOver a queue in memory", () => {
  const make = async (): Promise<InboxWorld> => {
    const clock = virtualClock();
    const queue = inMemoryQueue({ clock, visibilityTimeoutMs: 30_000 });
    const queueArn = "arn:aws:sqs:us-east-1:000000000000:q";
    const inbox = inboxOver(queue, queueArn);
    return {
      inbox,
      queueArn,
      async send(body, attributes = {}) {
        const messageAttributes = Object.fromEntries(
          Object.entries(attributes).map(([name, stringValue]) => [
            name,
            { dataType: "String", stringValue },
          ]),
        );
        queue.send({ body, messageAttributes });
      },
      async receiveSoon() {
        await clock.advance(1_100);
        return inbox.receive(10, 60);
      },
    };
  };
  for (const { name, check } of inboxConformance(make)) it(name, check);
});

describe("sqsInbox on fauxqs", () => {
  let queues: TestQueues;
  let made = 0;
  beforeAll(async () => {
    queues = await startQueues();
  });
  afterAll(() => queues.stop());

  const make = async (): Promise<InboxWorld> => {
    const { client } = queues;
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: `inbox-${made++}` }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
    );
    const queueArn = Attributes?.QueueArn ?? "";
    const inbox = sqsInbox({ queueArn, client });
    return {
      inbox,
      queueArn,
      async send(MessageBody, attributes = {}) {
        const MessageAttributes = Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [
            name,
            { DataType: "String", StringValue },
          ]),
        );
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
      },
      receiveSoon: () =>
        eventually("a message to be visible again", async () => {
          const records = await inbox.receive(10, 60);
          return records.length > 0 ? records : undefined;
        }),
    };
  };
  for (const { name, check } of inboxConformance(make)) it(name, check);
});
