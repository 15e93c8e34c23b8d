import { sqs } from "../../src/limits-of-aws.ts";
import { createJsonClient, LocalCallError, type LocalEndpoint } from "./json-client.ts";
import type { QueueMessage, QueuePort } from "./ports.ts";

interface WireMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Record<string, string>;
  readonly MessageAttributes?: Record<
    string,
    { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }
  >;
}

/**
 * A queue behind a local SQS endpoint. `queueUrl` is the one the endpoint gave out.
 *
 * SQS waits whole seconds: `waitMs` is rounded up. A receive that is aborted answers at once; the poll itself cannot be
 * taken back (an endpoint may hand messages to a connection that is closed), so it runs out unheard, and what it still
 * brings is made visible again.
 */
export function sqsQueue({ queueUrl, ...target }: LocalEndpoint & { readonly queueUrl: string }): QueuePort {
  const call = createJsonClient({ ...target, service: "sqs", target: "AmazonSQS" });

  const poll = async (max: number, waitMs: number, signal: AbortSignal) => {
    const answer = await call(
      "ReceiveMessage",
      {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: Math.ceil(waitMs / 1000),
        AttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      },
      { signal },
    );
    return (answer as { Messages?: readonly WireMessage[] }).Messages ?? [];
  };

  const giveBack = async (messages: readonly WireMessage[]) => {
    if (messages.length === 0) return;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await call("ChangeMessageVisibilityBatch", { QueueUrl: queueUrl, Entries });
  };

  const deleteBatch = async (receiptHandles: readonly string[]) => {
    const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
    const answer = await call("DeleteMessageBatch", { QueueUrl: queueUrl, Entries });
    const { Failed = [] } = answer as { Failed?: readonly { SenderFault?: boolean; Code?: string }[] };
    // A handle that SQS does not know any more belongs to a message that is gone, or that another receive holds.
    const failed = Failed.find(({ SenderFault }) => !SenderFault);
    if (failed) {
      throw new LocalCallError(
        "sqs-delete",
        `SQS could not delete ${Failed.length} messages (${failed.Code})`,
        {
          retryable: true,
        },
      );
    }
  };

  return {
    receive({ max, waitMs, signal }) {
      if (signal.aborted) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        const leave = () => resolve([]);
        signal.addEventListener("abort", leave, { once: true });
        poll(max, waitMs, signal)
          .then((messages) => {
            if (!signal.aborted) return resolve(messages.map(fromWire));
            // If this fails too, the visibility timeout does the same, later.
            return giveBack(messages).catch(() => {});
          }, reject)
          .finally(() => signal.removeEventListener("abort", leave));
      });
    },
    async delete(receiptHandles) {
      const batches: Promise<void>[] = [];
      for (let start = 0; start < receiptHandles.length; start += sqs.batchEntries) {
        batches.push(deleteBatch(receiptHandles.slice(start, start + sqs.batchEntries)));
      }
      await Promise.all(batches);
    },
  };
}

function fromWire(message: WireMessage): QueueMessage {
  const messageAttributes: Record<string, QueueMessage["messageAttributes"][string]> = {};
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(
    message.MessageAttributes ?? {},
  )) {
    messageAttributes[name] = {
      dataType: DataType,
      ...(StringValue === undefined ? {} : { stringValue: StringValue }),
      ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
    };
  }
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    md5OfBody: message.MD5OfBody,
    attributes: message.Attributes ?? {},
    messageAttributes,
  };
}
