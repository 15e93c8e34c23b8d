import { messageOf, orderedGroup, parseArchiveLine } from "../../archive/index.ts";
import type { SentMessage } from "./ports.ts";

/**
 * The message of an archived event, as it goes to a consumer's queue again: body and attributes as they were published. In an
 * ordered queue it goes into its group, under `deduplicationId`: that of the first time may still be remembered.
 */
export function sentMessage(
  line: Buffer,
  { fifo, deduplicationId }: { readonly fifo: boolean; readonly deduplicationId: string },
): SentMessage {
  const message = JSON.parse(messageOf(line).toString("utf8")) as SentMessage;
  const { group, partitionkey, source, id } = parseArchiveLine(line);
  if (!fifo) return { ...message, ...(group === undefined ? {} : { MessageGroupId: group }) };
  return {
    ...message,
    MessageGroupId: orderedGroup({ group, partitionkey, source, id }),
    MessageDeduplicationId: deduplicationId,
  };
}

/** What a message takes of a batch's size: its body, and names, types and values of its attributes. (quotas-messages) */
export function bytesOf({ MessageBody, MessageAttributes = {} }: SentMessage): number {
  const attributes = Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType, StringValue = "", BinaryValue = "" }]) =>
      sum + Buffer.byteLength(name) + DataType.length + Buffer.byteLength(StringValue) + BinaryValue.length,
    0,
  );
  return Buffer.byteLength(MessageBody) + attributes;
}
