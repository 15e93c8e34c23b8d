import type { SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../aws-client.ts";
import { describeError, OmnibusError } from "../errors.ts";
import type { DelayQueue } from "./ports.ts";

/** A `DelayQueue` in SQS, by its name. The SDK is loaded with the first call. */
export function sqsDelayQueue({
  queueName,
  region,
  client: given,
}: {
  readonly queueName: string;
  readonly region: string | undefined;
  /** @default one of this environment */
  readonly client?: SQSClient;
}): DelayQueue {
  const sdk = () => import("./sqs-sdk.ts");
  let made: SQSClient | undefined = given;
  let url: string | undefined;

  return {
    async send(MessageBody, DelaySeconds) {
      const { GetQueueUrlCommand, SendMessageCommand, SQSClient } = await sdk();
      made ??= awsClient(SQSClient, { maxAttempts: 5, region });
      try {
        url ??= (await made.send(new GetQueueUrlCommand({ QueueName: queueName }))).QueueUrl;
        const { MessageId = "" } = await made.send(
          new SendMessageCommand({ QueueUrl: url, MessageBody, DelaySeconds }),
        );
        return MessageId;
      } catch (cause) {
        const { name, message } = describeError(cause);
        const isMissing = /QueueDoesNotExist|NonExistentQueue/.test(name);
        throw new OmnibusError(
          isMissing ? "delay-missing" : "delay-not-taken",
          isMissing
            ? `there is no queue ${queueName}: deploy the bus with delay: true`
            : `the queue ${queueName} did not take it (${name}: ${message})`,
          { retryable: !isMissing, cause },
        );
      }
    },
  };
}
