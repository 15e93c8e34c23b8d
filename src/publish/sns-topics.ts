import type { SNSClient } from "@aws-sdk/client-sns";
import { wireTarget } from "../env.ts";
import type { TopicPort } from "./ports.ts";
import { sdkTopics } from "./sdk-topics.ts";
import { wireTopics } from "./wire-topics.ts";

/**
 * Topics of SNS. Through `client` if one is given; by small signed calls where the environment has keys and region, as
 * in every Lambda function; else through the AWS SDK, which knows all other ways to keys.
 *
 * One try a call: the publisher retries, and it knows which entries failed.
 */
export function snsTopics({
  client,
  region,
}: {
  readonly client?: SNSClient;
  /** Of the topics. @default the environment's */
  readonly region?: string | undefined;
} = {}): TopicPort {
  let topics: TopicPort | undefined;
  const choose = () => {
    const target = client ? undefined : wireTarget("sns", region);
    return target ? wireTopics(target) : sdkTopics({ ...(client ? { client } : {}), region });
  };
  return {
    publishBatch: (topicArn, messages) => {
      topics ??= choose();
      return topics.publishBatch(topicArn, messages);
    },
  };
}
