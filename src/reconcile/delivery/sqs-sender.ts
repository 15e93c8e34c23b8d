import type { MessageAttributeValue, SQSClient } from "@aws-sdk/client-sqs";
import type { SendAttribute } from "../../archive/index.ts";
import { awsClient } from "../../aws-client.ts";
import { OmnibusError } from "../../errors.ts";
import type { QueueSender } from "./ports.ts";

/** A `QueueSender` over SQS. The SDK is loaded with the first messages. */
export function sqsSender({ client: given }: { readonly client?: SQSClient } = {}): QueueSender {
  let made = given;
  const urls = new Map<string, string | undefined>();
  return {
    async send(queue, messages) {
      const { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } = await import("./sqs-sdk.ts");
      made ??= awsClient(SQSClient, { maxAttempts: 5 });
      if (!urls.has(queue)) {
        urls.set(queue, (await made.send(new GetQueueUrlCommand({ QueueName: queue }))).QueueUrl);
      }
      const Entries = messages.map(({ MessageAttributes, ...message }, index) => ({
        Id: String(index),
        ...message,
        ...(MessageAttributes ? { MessageAttributes: attributesOf(MessageAttributes) } : {}),
      }));
      const { Failed: [failed] = [] } = await made.send(
        new SendMessageBatchCommand({ QueueUrl: urls.get(queue), Entries }),
      );
      if (!failed) return;
      throw new OmnibusError(
        "not-sent",
        `${queue} has not taken a message (${failed.Code}: ${failed.Message})`,
        {
          retryable: failed.SenderFault !== true,
        },
      );
    },
  };
}

/** As the SDK takes them: binary values as bytes. */
function attributesOf(
  attributes: Readonly<Record<string, SendAttribute>>,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        DataType,
        ...(StringValue === undefined ? {} : { StringValue }),
        ...(BinaryValue === undefined ? {} : { BinaryValue: Buffer.from(BinaryValue, "base64") }),
      },
    ]),
  );
}
