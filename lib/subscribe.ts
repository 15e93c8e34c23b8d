import { CfnSubscription } from "aws-cdk-lib/aws-sns";
import { Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { ConsumerQueues } from "./consumer-queues.ts";
import type { IEventBus } from "./event-bus-address.ts";
import type { ConsumerFacts } from "./guards/index.ts";

/**
 * Subscribes a consumer's queue to its topics: raw, filtered, and with a queue of its own for what SNS cannot deliver.
 *
 * The subscription belongs to the consumer, and names the topic by ARN: the bus's stack exports nothing and stays as
 * it is.
 */
export function subscribe(
  scope: Construct,
  bus: IEventBus,
  facts: ConsumerFacts,
  { queue, undeliveredQueue }: ConsumerQueues,
): readonly CfnSubscription[] {
  const elsewhere = bus.region !== Stack.of(scope).region;
  return facts.topics.map((topic) => {
    const subscription = new CfnSubscription(scope, `Subscription-${topic}`, {
      topicArn: bus.topicArn(topic),
      protocol: "sqs",
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
      filterPolicy: facts.policies[topic],
      filterPolicyScope: "MessageAttributes",
      redrivePolicy: { deadLetterTargetArn: undeliveredQueue.queueArn },
      ...(elsewhere ? { region: bus.region } : {}),
    });
    // By ARN alone, CloudFormation would not know that the topic comes first, nor the policies that let it deliver.
    subscription.node.addDependency(bus.topic(topic), queue, undeliveredQueue);
    return subscription;
  });
}
