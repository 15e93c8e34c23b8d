import type { AwsCall } from "./aws-call.ts";

/** Sends a message to the queue of an ARN. Rejects with `AwsCallError`. */
export type QueueSender = (
  arn: string,
  body: string,
  more?: { readonly attributes?: Readonly<Record<string, string>>; readonly groupId?: string },
) => Promise<void>;

/** A sender for what goes to queues by itself: destinations, dead letters, schedules. */
export function createQueueSender(aws: Pick<AwsCall, "sqs">): QueueSender {
  return async (arn, body, { attributes = {}, groupId } = {}) => {
    const { QueueUrl } = await aws.sqs("GetQueueUrl", { QueueName: arn.split(":").at(-1) });
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, text]) => [name, { DataType: "String", StringValue: text }]),
    );
    await aws.sqs("SendMessage", {
      ...{ QueueUrl, MessageBody: body, MessageAttributes },
      ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
    });
  };
}
