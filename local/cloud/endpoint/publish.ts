import { createHash } from "node:crypto";
import type { Clock } from "../../../src/clock.ts";
import { sns } from "../../../src/limits-of-aws.ts";
import type { Fauxqs } from "../engines/fauxqs-inside.ts";
import { escapeXml, newId } from "./answer.ts";
import { fanOut } from "./fan-out.ts";
import type { OrderedTopics } from "./ordered-topics.ts";
import { batchEntries, type PublishEntry, singleEntry } from "./publish-request.ts";
import type { Unmatched } from "./unmatched.ts";

/** A refusal of SNS, in its own words. */
export class SnsRefusal extends Error {
  readonly code: string;
  readonly statusCode: number;

  constructor(code: string, message: string, statusCode = 400) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
  }
}

/** What publishing stands on. */
export interface PublishPorts {
  readonly fauxqs: Fauxqs;
  readonly ordered: OrderedTopics;
  readonly clock: Clock;
  /** Hears of messages that nobody wants. */
  readonly onUnmatched: Unmatched;
}

const batchId = /^[A-Za-z0-9_-]{1,80}$/;
const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

/** `Publish`: the answer's XML; throws `SnsRefusal`. */
export function publish(ports: PublishPorts, form: Readonly<Record<string, string>>): string {
  const topic = topicOf(ports.fauxqs, form.TopicArn);
  const entry = refuse(singleEntry(form), topic);
  if ("code" in entry) throw new SnsRefusal(entry.code, entry.message);
  return answer("Publish", take(entry, topic, ports));
}

/** `PublishBatch`: entries may fail one by one inside the answer; what is wrong with the whole throws `SnsRefusal`. */
export function publishBatch(ports: PublishPorts, form: Readonly<Record<string, string>>): string {
  const topic = topicOf(ports.fauxqs, form.TopicArn);
  const entries = batchEntries(form);
  refuseBatch(entries, topic.maxBytes);
  let successful = "";
  let failed = "";
  for (const given of entries) {
    const entry = refuse(given, topic);
    if ("code" in entry) {
      failed += `<member><Id>${given.id}</Id><Code>${entry.code}</Code><Message>${escapeXml(entry.message)}</Message><SenderFault>true</SenderFault></member>`;
      continue;
    }
    successful += `<member>${take(entry, topic, ports)}<Id>${entry.id}</Id></member>`;
  }
  return answer("PublishBatch", `<Successful>${successful}</Successful><Failed>${failed}</Failed>`);
}

/** Delivers a message that may be, and answers with what it is known by. */
function take(
  entry: PublishEntry,
  { arn, fifo, byGroup }: Topic,
  { fauxqs, ordered, clock, onUnmatched }: PublishPorts,
): string {
  const message = { ...entry, topicArn: arn, messageId: newId(), publishedMs: clock.nowMs() };
  if (!fifo) {
    fanOut(fauxqs, message, onUnmatched);
    return `<MessageId>${message.messageId}</MessageId>`;
  }
  const scope = byGroup ? `${arn}\n${entry.groupId}` : arn;
  const taken = ordered.take(scope, entry.deduplicationId ?? "", message.messageId);
  const { messageId, sequenceNumber, isDuplicate } = taken;
  if (!isDuplicate) fanOut(fauxqs, { ...message, sequenceNumber }, onUnmatched);
  return `<MessageId>${messageId}</MessageId><SequenceNumber>${sequenceNumber}</SequenceNumber>`;
}

interface Topic {
  readonly arn: string;
  readonly fifo: boolean;
  /** A deduplication id counts within its group. */
  readonly byGroup: boolean;
  readonly contentBased: boolean;
  readonly maxBytes: number;
}

function topicOf(fauxqs: Fauxqs, arn: string | undefined): Topic {
  if (!arn)
    throw new SnsRefusal(
      "InvalidParameter",
      "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
    );
  const topic = fauxqs.topics.getTopic(arn);
  if (topic === undefined) throw new SnsRefusal("NotFound", "Topic does not exist", 404);
  return {
    arn,
    fifo: topic.attributes.FifoTopic === "true",
    byGroup: topic.attributes.FifoThroughputScope === "MessageGroup",
    contentBased: topic.attributes.ContentBasedDeduplication === "true",
    maxBytes: Number(topic.attributes.MaximumMessageSize) || sns.defaultMessageBytes,
  };
}

function refuseBatch(entries: readonly PublishEntry[], maxBytes: number): void {
  if (entries.length === 0) {
    throw new SnsRefusal("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  }
  if (entries.length > sns.batchEntries) {
    throw new SnsRefusal(
      "TooManyEntriesInBatchRequest",
      "The batch request contains more entries than permissible.",
    );
  }
  if (entries.some(({ id }) => !batchId.test(id))) {
    throw new SnsRefusal(
      "InvalidBatchEntryId",
      "The Id of a batch entry in the batch request doesn't abide by the specification.",
    );
  }
  if (new Set(entries.map(({ id }) => id)).size < entries.length) {
    throw new SnsRefusal(
      "BatchEntryIdsNotDistinct",
      "Two or more batch entries in the request have the same Id.",
    );
  }
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > maxBytes) {
    throw new SnsRefusal(
      "BatchRequestTooLong",
      `The length of all the batch messages put together is more than the limit: ${bytes} bytes, ${maxBytes} allowed.`,
    );
  }
}

/** The entry as it is delivered, or why it is not. */
function refuse(entry: PublishEntry, topic: Topic): PublishEntry | { code: string; message: string } {
  const invalid = (message: string) => ({
    code: "InvalidParameter",
    message: `Invalid parameter: ${message}`,
  });
  if (entry.message === "") return invalid("Empty message");
  if (entry.bytes > topic.maxBytes) {
    return invalid(`Message too long: ${entry.bytes} bytes, ${topic.maxBytes} allowed`);
  }
  if (!topic.fifo) return entry;
  if (entry.groupId === undefined) {
    return invalid("The MessageGroupId parameter is required for FIFO topics");
  }
  if (entry.deduplicationId !== undefined) return entry;
  if (topic.contentBased) {
    return { ...entry, deduplicationId: createHash("sha256").update(entry.message).digest("hex") };
  }
  return invalid(
    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}

function answer(action: string, result: string): string {
  return `<${action}Response ${namespace}><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${newId()}</RequestId></ResponseMetadata></${action}Response>`;
}
