import { systemClock } from "../../../src/clock.ts";
import { sns } from "../../../src/limits-of-aws.ts";
import type { Fauxqs, FauxqsQueue, FauxqsSubscription } from "../engines/fauxqs-inside.ts";
import type { PublishEntry } from "./publish-request.ts";
import type { Unmatched } from "./unmatched.ts";

/**
 * Hands one message to every subscription that wants it, with what fauxqs lacks: a raw delivery of more than ten
 * attributes and a queue that is gone are client errors, which SNS does not retry; the message goes to the
 * subscription's own dead-letter queue then, or is lost as on AWS. (sns-message-attributes, sns-dead-letter-queues)
 * `onUnmatched` hears of a message that there are subscriptions for, and none wants.
 */
export function fanOut(
  fauxqs: Fauxqs,
  topicArn: string,
  messageId: string,
  entry: PublishEntry,
  onUnmatched: Unmatched,
): void {
  const topic = fauxqs.topics.getTopic(topicArn);
  const refusedBy: Record<string, unknown>[] = [];
  let wanted = false;
  for (const subscriptionArn of topic?.subscriptionArns ?? []) {
    const subscription = fauxqs.topics.getSubscription(subscriptionArn);
    if (subscription === undefined || !subscription.confirmed || subscription.protocol !== "sqs") continue;
    if (!wants(fauxqs, subscription, entry)) {
      refusedBy.push(subscription.parsedFilterPolicy ?? {});
      continue;
    }
    wanted = true;
    const raw = subscription.attributes.RawMessageDelivery === "true";
    const queue = fauxqs.queues.getQueueByArn(subscription.endpoint);
    const fits = !raw || Object.keys(entry.attributes).length <= sns.rawAttributes;
    const target = queue !== undefined && fits ? queue : deadLettersOf(fauxqs, subscription);
    if (target === undefined) continue;
    const body = raw ? entry.message : notification(topicArn, subscriptionArn, messageId, entry);
    // Ten attributes are all that a queue can take: dead letters of the rule above keep their body and first ten.
    const attributes = raw
      ? Object.fromEntries(Object.entries(entry.attributes).slice(0, sns.rawAttributes))
      : {};
    deliver(fauxqs, target, body, attributes, entry);
  }
  if (!wanted && refusedBy.length > 0) onUnmatched(topicArn, entry, refusedBy);
}

function deliver(
  fauxqs: Fauxqs,
  queue: FauxqsQueue,
  body: string,
  attributes: PublishEntry["attributes"],
  { groupId, deduplicationId }: PublishEntry,
): void {
  const delaySeconds = Number(queue.attributes.DelaySeconds ?? 0) || undefined;
  const message = fauxqs.createMessage(body, attributes, delaySeconds, groupId, deduplicationId);
  if (queue.isFifo() && deduplicationId !== undefined) {
    if (queue.checkDeduplication(deduplicationId).isDuplicate) return;
    message.sequenceNumber = queue.nextSequenceNumber();
    queue.recordDeduplication(deduplicationId, message.messageId, message.sequenceNumber);
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

/** The envelope that SNS puts round a message that is not delivered raw. (sns-message-and-json-formats) */
function notification(
  topicArn: string,
  subscriptionArn: string,
  messageId: string,
  entry: PublishEntry,
): string {
  const attributes = Object.entries(entry.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? "" },
    ],
  );
  return JSON.stringify({
    Type: "Notification",
    MessageId: messageId,
    TopicArn: topicArn,
    ...(entry.subject === undefined ? {} : { Subject: entry.subject }),
    Message: entry.message,
    Timestamp: new Date(systemClock.nowMs()).toISOString(),
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertURL: "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-local.pem",
    UnsubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
    ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
  });
}
