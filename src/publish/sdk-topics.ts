import type { PublishBatchRequestEntry, SNSClient } from "@aws-sdk/client-sns";
import { awsClient } from "../aws-client.ts";
import type { WireMessage } from "../contract/index.ts";
import type { SendResult, TopicPort } from "./ports.ts";
import { entryFailure, unanswered } from "./send-failure.ts";
import { toSnsAttributes } from "./sns-attributes.ts";

/**
 * Topics of SNS, through the AWS SDK. The client is made at the first call, from the environment
 * (`AWS_ENDPOINT_URL`, `AWS_REGION`), with connections kept open and the SDK's own retries off: the publisher
 * retries, and it knows which entries failed.
 */
export function sdkTopics({
  client,
  region,
}: {
  readonly client?: SNSClient;
  /** Of the topics. @default the environment's */
  readonly region?: string | undefined;
} = {}): TopicPort {
  let sdk: Promise<Sdk> | undefined;
  return {
    async publishBatch(topicArn, messages) {
      sdk ??= loadSdk(client, region);
      const { send } = await sdk;
      const answer = await send(topicArn, messages.map(toEntry));
      const results: SendResult[] = messages.map(() => unanswered);
      for (const { Id, MessageId } of answer.Successful ?? []) {
        results[Number(Id)] = { ok: true, messageId: MessageId ?? "" };
      }
      for (const { Id, Code, Message, SenderFault } of answer.Failed ?? []) {
        results[Number(Id)] = entryFailure({
          code: Code,
          message: Message,
          senderFault: SenderFault === true,
        });
      }
      return results;
    },
  };
}

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

async function loadSdk(given: SNSClient | undefined, region: string | undefined) {
  const { PublishBatchCommand, SNSClient } = await import("./sns-sdk.ts");
  const client = given ?? awsClient(SNSClient, { maxAttempts: 1, region });
  const send = (TopicArn: string, PublishBatchRequestEntries: PublishBatchRequestEntry[]) =>
    client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
  return { send };
}

function toEntry(message: WireMessage, index: number): PublishBatchRequestEntry {
  return {
    Id: String(index),
    Message: message.body,
    MessageAttributes: toSnsAttributes(message.attributes),
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.deduplicationId === undefined ? {} : { MessageDeduplicationId: message.deduplicationId }),
  };
}
