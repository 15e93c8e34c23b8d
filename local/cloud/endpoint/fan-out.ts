import { sns } from "../../../src/limits-of-aws.ts";
import type { Fauxqs, FauxqsQueue, FauxqsSubscription } from "../engines/fauxqs-inside.ts";
import type { PublishEntry } from "./publish-request.ts";
import type { Unmatched } from "./unmatched.ts";

/** A message that a topic has taken. */
export interface TopicMessage extends PublishEntry {
  readonly topicArn: string;
  readonly messageId: string;
  readonly publishedMs: number;
  /** Of an ordered topic alone. */
  readonly sequenceNumber?: string;
}

/**
 * Hands one message to every subscription that wants it, with what fauxqs lacks: a raw delivery of more than ten
 * attributes and a queue that is gone are client errors, which SNS does not retry; the message goes to the
 * subscription's own dead-letter queue then, or is lost as on AWS. (sns-message-attributes, sns-dead-letter-queues)
 * `onUnmatched` hears of a message that there are subscriptions for, and none wants.
 */
export function fanOut(fauxqs: Fauxqs, message: TopicMessage, onUnmatched: Unmatched): void {
  const topic = fauxqs.topics.getTopic(message.topicArn);
  const refusedBy: Record<string, unknown>[] = [];
  let wanted = false;
  for (const subscriptionArn of topic?.subscriptionArns ?? []) {
    const subscription = fauxqs.topics.getSubscription(subscriptionArn);
    if (subscription === undefined || !subscription.confirmed || subscription.protocol !== "sqs") continue;
    if (!wants(fauxqs, subscription, message)) {
      refusedBy.push(subscription.parsedFilterPolicy ?? {});
      continue;
    }
    wanted = true;
    const raw = subscription.attributes.RawMessageDelivery === "true";
    const queue = fauxqs.queues.getQueueByArn(subscription.endpoint);
    const fits = !raw || Object.keys(message.attributes).length <= sns.rawAttributes;
    const target = queue !== undefined && fits ? queue : deadLettersOf(fauxqs, subscription);
    if (target === undefined) continue;
    const body = raw ? message.message : notification(message, subscriptionArn);
    // Ten attributes are all that a queue can take: dead letters of the rule above keep their body and first ten.
    const attributes = raw
      ? Object.fromEntries(Object.entries(message.attributes).slice(0, sns.rawAttributes))
      : {};
    deliver(fauxqs, target, body, attributes, message);
  }
  if (!wanted && refusedBy.length > 0) onUnmatched(message.topicArn, message, refusedBy);
}

function deliver(
  fauxqs: Fauxqs,
  queue: FauxqsQueue,
  body: string,
  attributes: PublishEntry["attributes"],
  { groupId, deduplicationId, sequenceNumber }: TopicMessage,
): void {
  const delaySeconds = Number(queue.attributes.DelaySeconds ?? 0) || undefined;
  const isFifo = queue.isFifo();
  // An ordered topic keeps its groups from standard queues; a standard topic passes them on. (fifo-message-grouping)
  const group = isFifo || sequenceNumber === undefined ? groupId : undefined;
  const deduplication = isFifo ? deduplicationId : undefined;
  const message = fauxqs.createMessage(body, attributes, delaySeconds, group, deduplication);
  if (deduplication !== undefined) {
    if (queue.checkDeduplication(deduplication).isDuplicate) return;
    message.sequenceNumber = queue.nextSequenceNumber();
    queue.recordDeduplication(deduplication, message.messageId, message.sequenceNumber);
  }
  queue.enqueue(message);
  fauxqs.counts.sent(queue.name, 1);
}

function wants(fauxqs: Fauxqs, subscription: FauxqsSubscription, entry: PublishEntry): boolean {
  const { FilterPolicy, FilterPolicyScope } = subscription.attributes;
  if (FilterPolicy === undefined || FilterPolicy === "") return true;
  subscription.parsedFilterPolicy ??= JSON.parse(FilterPolicy) as Record<string, unknown>;
  return FilterPolicyScope === "MessageBody"
    ? fauxqs.matchesBody(subscription.parsedFilterPolicy, entry.message)
    : fauxqs.matchesAttributes(subscription.parsedFilterPolicy, entry.attributes);
}

function deadLettersOf(fauxqs: Fauxqs, { attributes }: FauxqsSubscription): FauxqsQueue | undefined {
  if (!attributes.RedrivePolicy) return undefined;
  const { deadLetterTargetArn } = JSON.parse(attributes.RedrivePolicy) as { deadLetterTargetArn?: string };
  return deadLetterTargetArn === undefined ? undefined : fauxqs.queues.getQueueByArn(deadLetterTargetArn);
}

/**
 * The envelope that SNS puts round a message that is not delivered raw; those of ordered topics have a number in the place
 * of a signature. Binary values stay in Base64, as they came. (sns-message-and-json-formats, fifo-message-delivery)
 */
function notification(message: TopicMessage, subscriptionArn: string): string {
  const { topicArn, messageId, subject, publishedMs, sequenceNumber } = message;
  const host = `https://sns.${topicArn.split(":")[3]}.amazonaws.com`;
  const attributes = Object.entries(message.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? "" },
    ],
  );
  return JSON.stringify({
    Type: "Notification",
    MessageId: messageId,
    SequenceNumber: sequenceNumber,
    TopicArn: topicArn,
    Subject: subject,
    Message: message.message,
    Timestamp: new Date(publishedMs).toISOString(),
    ...(sequenceNumber === undefined
      ? {
          SignatureVersion: "1",
          Signature: "EXAMPLE",
          SigningCertURL: `${host}/SimpleNotificationService-local.pem`,
        }
      : {}),
    UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
    ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
  });
}
