import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { type Clients, type Question, refusal } from "./question.ts";

const arnOf = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;

async function makeQueue({ sqs }: Clients, name: string): Promise<string> {
  const Attributes = name.endsWith(".fifo") ? { FifoQueue: "true", ContentBasedDeduplication: "true" } : {};
  return (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))).QueueUrl ?? "";
}

/** A topic with one raw subscription to a queue of the same name. */
async function makeRoute(clients: Clients, name: string, attributes: Record<string, string> = {}) {
  const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: name }));
  const queue = await makeQueue(clients, name);
  const Attributes = { RawMessageDelivery: "true", ...attributes };
  await clients.sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arnOf(name), Attributes }),
  );
  return { TopicArn, queue };
}

/** An ordered topic with a raw subscription to a standard queue. */
async function makeOrderedTopic(clients: Clients, name: string) {
  const { TopicArn } = await clients.sns.send(
    new CreateTopicCommand({
      Name: `${name}.fifo`,
      Attributes: { FifoTopic: "true", ContentBasedDeduplication: "true" },
    }),
  );
  const queue = await makeQueue(clients, name);
  const Attributes = { RawMessageDelivery: "true" };
  await clients.sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arnOf(name), Attributes }),
  );
  return { TopicArn, queue };
}

async function receive({ sqs }: Clients, QueueUrl: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages;
}

const manyAttributes = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`a${index}`, { DataType: "String", StringValue: "x" }]),
  );

/** What SNS, SQS and S3 do, and what stands in for them. */
export const queueQuestions: readonly Question[] = [
  {
    about: "SNS: a message for a queue that is gone, when the subscription has a dead-letter queue",
    aws: "kept there",
    answers: { "bus local": "kept there", fauxqs: "lost", MiniStack: "lost" },
    async ask(clients, name) {
      const dead = await makeQueue(clients, `${name}-dead`);
      const { TopicArn, queue } = await makeRoute(clients, name, {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(`${name}-dead`) }),
      });
      await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: queue }));
      await clients.sns.send(new PublishCommand({ TopicArn, Message: "m" }));
      return (await receive(clients, dead)).length === 1 ? "kept there" : "lost";
    },
  },
  {
    about: "SNS: raw delivery of eleven message attributes",
    aws: "discarded",
    answers: { "bus local": "discarded", fauxqs: "delivered", MiniStack: "delivered" },
    async ask(clients, name) {
      const { TopicArn, queue } = await makeRoute(clients, name);
      const MessageAttributes = manyAttributes(11);
      await clients.sns.send(new PublishCommand({ TopicArn, Message: "m", MessageAttributes }));
      return (await receive(clients, queue)).length === 0 ? "discarded" : "delivered";
    },
  },
  {
    about: "SNS: `MessageGroupId` on a standard topic and queue",
    aws: "passed on",
    answers: { "bus local": "passed on", fauxqs: "dropped", MiniStack: "passed on" },
    async ask(clients, name) {
      const { TopicArn, queue } = await makeRoute(clients, name);
      await clients.sns.send(new PublishCommand({ TopicArn, Message: "m", MessageGroupId: "g" }));
      const [message] = await receive(clients, queue);
      return message?.Attributes?.MessageGroupId === "g" ? "passed on" : "dropped";
    },
  },
  {
    about: "SNS: a batch of 300 kB",
    aws: "refused: BatchRequestTooLongException",
    answers: { "bus local": "refused: BatchRequestTooLongException", fauxqs: "taken", MiniStack: "taken" },
    async ask(clients, name) {
      const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: name }));
      const entries = ["a", "b"].map((Id) => ({ Id, Message: "x".repeat(150_000) }));
      return refusal(
        clients.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries })),
      );
    },
  },
  {
    about: "SNS: a message of 300 kB, when the topic's `MaximumMessageSize` is 1 MiB",
    aws: "delivered",
    answers: {
      "bus local": "delivered",
      fauxqs: "refused: InvalidParameterException",
      MiniStack: "refused: InvalidParameterException",
    },
    async ask(clients, name) {
      await clients.sns.send(
        new CreateTopicCommand({ Name: name, Attributes: { MaximumMessageSize: "1048576" } }),
      );
      const { TopicArn, queue } = await makeRoute(clients, name);
      const refused = await refusal(
        clients.sns.send(new PublishCommand({ TopicArn, Message: "x".repeat(300_000) })),
      );
      if (refused !== "taken") return refused;
      return (await receive(clients, queue)).length === 1 ? "delivered" : "lost";
    },
  },
  {
    about: "SNS: the `SequenceNumber` of a message published to an ordered topic",
    aws: "given",
    answers: { "bus local": "given", fauxqs: "missing", MiniStack: "given" },
    async ask(clients, name) {
      const { TopicArn } = await clients.sns.send(
        new CreateTopicCommand({
          Name: `${name}.fifo`,
          Attributes: { FifoTopic: "true", ContentBasedDeduplication: "true" },
        }),
      );
      const { SequenceNumber } = await clients.sns.send(
        new PublishCommand({ TopicArn, Message: "m", MessageGroupId: "g" }),
      );
      return SequenceNumber ? "given" : "missing";
    },
  },
  {
    about: "SNS: `MessageGroupId` from an ordered topic to a standard queue",
    aws: "kept back",
    answers: { "bus local": "kept back", fauxqs: "passed on", MiniStack: "passed on" },
    async ask(clients, name) {
      const { TopicArn, queue } = await makeOrderedTopic(clients, name);
      await clients.sns.send(new PublishCommand({ TopicArn, Message: "m", MessageGroupId: "g" }));
      const [message] = await receive(clients, queue);
      return message?.Attributes?.MessageGroupId === "g" ? "passed on" : message ? "kept back" : "lost";
    },
  },
  {
    about: "SNS: a message published twice to an ordered topic, in a standard queue",
    aws: "once",
    answers: { "bus local": "once", fauxqs: "twice", MiniStack: "once" },
    async ask(clients, name) {
      const { TopicArn, queue } = await makeOrderedTopic(clients, name);
      for (const Message of ["m", "m"]) {
        await clients.sns.send(new PublishCommand({ TopicArn, Message, MessageGroupId: "g" }));
      }
      return ["lost", "once", "twice"][(await receive(clients, queue)).length] ?? "often";
    },
  },
  {
    about: "SQS: five messages of one FIFO group, received in one call",
    aws: "all",
    answers: { "bus local": "1", fauxqs: "1", MiniStack: "all" },
    async ask(clients, name) {
      const QueueUrl = await makeQueue(clients, `${name}.fifo`);
      const entries = [1, 2, 3, 4, 5].map((n) => ({
        Id: `${n}`,
        MessageBody: `${n}`,
        MessageGroupId: "g",
      }));
      await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
      const { length } = await receive(clients, QueueUrl);
      return length === 5 ? "all" : `${length}`;
    },
  },
  {
    about: "SQS: `StartMessageMoveTask`",
    aws: "taken",
    answers: {
      "bus local": "refused: UnsupportedOperation",
      fauxqs: "refused: InvalidAction",
      MiniStack: "refused: InvalidAction",
    },
    async ask(clients, name) {
      const dead = await makeQueue(clients, `${name}-dead`);
      const RedrivePolicy = JSON.stringify({
        deadLetterTargetArn: arnOf(`${name}-dead`),
        maxReceiveCount: 1,
      });
      await clients.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { RedrivePolicy } }));
      return (
        dead &&
        refusal(clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf(`${name}-dead`) })))
      );
    },
  },
  {
    about: "SQS: the host in a queue's URL",
    aws: "can be reached",
    answers: { "bus local": "can be reached", fauxqs: "does not resolve", MiniStack: "can be reached" },
    async ask(clients, name, endpoint) {
      const url = await makeQueue(clients, name);
      return URL.canParse(url) && new URL(url).host === new URL(endpoint).host
        ? "can be reached"
        : "does not resolve";
    },
  },
  {
    about: "SQS: the query protocol of older SDKs",
    aws: "answered",
    answers: { "bus local": "refused: 400", fauxqs: "refused: 400", MiniStack: "answered" },
    async ask(_clients, _name, endpoint) {
      const answer = await fetch(endpoint, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          authorization:
            "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0",
        },
        body: "Action=ListQueues&Version=2012-11-05",
      });
      return (await answer.text()).includes("ListQueuesResult") ? "answered" : `refused: ${answer.status}`;
    },
  },
  {
    about: "S3: `If-None-Match: *` on an object that is there",
    aws: "refused: PreconditionFailed",
    answers: {
      "bus local": "refused: PreconditionFailed",
      fauxqs: "taken",
      MiniStack: "refused: PreconditionFailed",
    },
    async ask(clients, name) {
      const put = (Body: string) => new PutObjectCommand({ Bucket: name, Key: "k", Body, IfNoneMatch: "*" });
      await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
      await clients.s3.send(put("first"));
      return refusal(clients.s3.send(put("second")));
    },
  },
  {
    about: "S3: `If-Match` with the entity tag of an object that was replaced since",
    aws: "refused: PreconditionFailed",
    answers: {
      "bus local": "refused: PreconditionFailed",
      fauxqs: "taken",
      MiniStack: "refused: PreconditionFailed",
    },
    async ask(clients, name) {
      const put = (Body: string, IfMatch?: string) =>
        clients.s3.send(new PutObjectCommand({ Bucket: name, Key: "k", Body, IfMatch }));
      await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
      const { ETag } = await put("first");
      await put("second");
      return refusal(put("third", ETag));
    },
  },
  {
    about: "S3: the keys `B` and `a`, listed in pages of one",
    aws: "both, `B` first",
    answers: { "bus local": "both, `B` first", fauxqs: "`a` alone", MiniStack: "both, `B` first" },
    async ask(clients, name) {
      await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
      for (const Key of ["a", "B"]) {
        await clients.s3.send(new PutObjectCommand({ Bucket: name, Key, Body: "x" }));
      }
      const keyAfter = async (ContinuationToken?: string) => {
        const input = { Bucket: name, MaxKeys: 1, ContinuationToken };
        const { Contents, NextContinuationToken: token } = await clients.s3.send(
          new ListObjectsV2Command(input),
        );
        return { key: Contents?.[0]?.Key, token };
      };
      const { key: first, token } = await keyAfter();
      const second = token === undefined ? undefined : (await keyAfter(token)).key;
      return second === undefined ? `\`${first}\` alone` : `both, \`${first}\` first`;
    },
  },
];
