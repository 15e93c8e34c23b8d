import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { PurgeQueueCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** A fault of a bus, as a person makes one by hand, and takes it back. */
export interface Fault {
  readonly says: string;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** What a subscription is made of anew. */
const kept = ["FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"];

/** A queue's subscription is deleted, and made again later. */
export function noSubscription(
  sns: SNSClient,
  { topicArn, queueArn }: { readonly topicArn: string; readonly queueArn: string },
): Fault {
  let before: Record<string, string> = {};
  return {
    says: `the subscription of ${queueArn.split(":").at(-1)} is deleted`,
    async begin() {
      const SubscriptionArn = await subscriptionOf(sns, topicArn, queueArn);
      before = await attributesOf(sns, SubscriptionArn);
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    },
    async end() {
      const to = { TopicArn: topicArn, Protocol: "sqs", Endpoint: queueArn };
      await sns.send(new SubscribeCommand({ ...to, Attributes: before }));
    },
  };
}

/** A subscription's filter lets less through than its consumer was deployed with. */
export function narrowFilter(
  sns: SNSClient,
  {
    topicArn,
    queueArn,
    policy,
  }: { readonly topicArn: string; readonly queueArn: string; readonly policy: object },
): Fault {
  let before = "";
  const set = async (text: string) => {
    const SubscriptionArn = await subscriptionOf(sns, topicArn, queueArn);
    const filter = { AttributeName: "FilterPolicy", AttributeValue: text };
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, ...filter }));
  };
  return {
    says: `the filter of ${queueArn.split(":").at(-1)} is ${JSON.stringify(policy)}`,
    async begin() {
      const { FilterPolicy = "" } = await attributesOf(sns, await subscriptionOf(sns, topicArn, queueArn));
      before = FilterPolicy;
      await set(JSON.stringify({ ...JSON.parse(FilterPolicy), ...policy }));
    },
    end: () => set(before),
  };
}

/** A paused consumer's queue is purged. */
export function purgedQueue(
  sqs: SQSClient,
  {
    queueUrl,
    pause,
    resume,
  }: {
    readonly queueUrl: string;
    readonly pause: () => Promise<void>;
    readonly resume: () => Promise<void>;
  },
): Fault {
  return {
    says: `${queueUrl.split("/").at(-1)} waits for a paused consumer, and is purged`,
    begin: pause,
    async end() {
      await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
      await resume();
    },
  };
}

async function subscriptionOf(sns: SNSClient, TopicArn: string, queueArn: string): Promise<string> {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  const found = Subscriptions.find(({ Endpoint }) => Endpoint === queueArn)?.SubscriptionArn;
  if (found === undefined) throw new Error(`${queueArn} is not subscribed to ${TopicArn}`);
  return found;
}

async function attributesOf(sns: SNSClient, SubscriptionArn: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  return Object.fromEntries(
    kept.flatMap((name) => (Attributes[name] ? [[name, Attributes[name]] as const] : [])),
  );
}
