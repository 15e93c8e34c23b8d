import type { MessageAttributeValue, SendMessageBatchRequestEntry, SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../aws-client.ts";
import type { ReplayQueue } from "./ports.ts";

/** An entry as a batch has it: binary values in base64. */
type Entry = Omit<SendMessageBatchRequestEntry, "MessageAttributes"> & {
  readonly MessageAttributes?: Readonly<
    Record<
      string,
      { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }
    >
  >;
};

/** A `ReplayQueue` over SQS through the AWS SDK, which is loaded with the first batch. It parses batches, as the SDK wants objects. */
export function sqsReplayQueue({ client: given }: { readonly client?: SQSClient } = {}): ReplayQueue {
  let made = given;
  const urls = new Map<string, string | undefined>();
  return {
    async send(name, { json }) {
      const { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } = await import("./sqs-sdk.ts");
      made ??= awsClient(SQSClient, { maxAttempts: 5 });
      if (!urls.has(name)) {
        urls.set(name, (await made.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl);
      }
      const Entries = (JSON.parse(json.toString()) as Entry[]).map(({ MessageAttributes, ...entry }) => ({
        ...entry,
        ...(MessageAttributes ? { MessageAttributes: asSent(MessageAttributes) } : {}),
      }));
      const { Failed = [] } = await made.send(
        new SendMessageBatchCommand({ QueueUrl: urls.get(name), Entries }),
      );
      return Failed.map(({ Id, Code = "not taken", Message = "", SenderFault }) => ({
        index: Number(Id),
        code: Code,
        message: Message,
        retryable: SenderFault !== true,
      }));
    },
  };
}

function asSent(attributes: NonNullable<Entry["MessageAttributes"]>): Record<string, MessageAttributeValue> {
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
