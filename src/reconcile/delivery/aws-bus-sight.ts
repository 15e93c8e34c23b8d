import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../../aws-client.ts";
import { type ConsumerSettings, readSettings, settingsVariable } from "../../env.ts";
import { describeError } from "../../errors.ts";
import { functionName, topicArn } from "../../names.ts";
import type { BusSight } from "./ports.ts";

const maxAttempts = 5;

/** A `BusSight` on SNS, Lambda and SQS, where the environment leads. The SDK's parts are loaded as they are needed. */
export function awsBusSight({
  bus,
  account,
  region,
  clients = {},
}: {
  readonly bus: string;
  /** Where the bus's topics are. */
  readonly account: string;
  readonly region: string;
  /** @default those of this environment */
  readonly clients?: { sns?: SNSClient; lambda?: LambdaClient; sqs?: SQSClient };
}): BusSight {
  const made = { ...clients };
  const counted = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
  ] as const;

  return {
    async subscribers(topic) {
      const { paginateListSubscriptionsByTopic, SNSClient } = await import("./sns-sdk.ts");
      made.sns ??= awsClient(SNSClient, { maxAttempts });
      const TopicArn = topicArn({ bus, topic, region, account });
      const found: string[] = [];
      try {
        for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
          { client: made.sns },
          { TopicArn },
        )) {
          for (const { Protocol, Endpoint = "" } of Subscriptions)
            if (Protocol === "sqs") found.push(Endpoint);
        }
      } catch (error) {
        if (isNamed(error, "NotFoundException", "NotFound")) return [];
        throw error;
      }
      return found;
    },

    async consumerFunction(consumer) {
      const { GetFunctionConfigurationCommand, LambdaClient } = await import("./lambda-sdk.ts");
      made.lambda ??= awsClient(LambdaClient, { maxAttempts });
      try {
        const { Environment, LastModified = "" } = await made.lambda.send(
          new GetFunctionConfigurationCommand({ FunctionName: functionName(bus, consumer) }),
        );
        const settings = settingsOf(Environment?.Variables?.[settingsVariable]);
        return { settings, changedMs: Date.parse(LastModified) };
      } catch (error) {
        if (isNamed(error, "ResourceNotFoundException")) return undefined;
        throw error;
      }
    },

    async messages(queue) {
      const { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } = await import("./sqs-sdk.ts");
      made.sqs ??= awsClient(SQSClient, { maxAttempts });
      try {
        const { QueueUrl } = await made.sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
        const { Attributes = {} } = await made.sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counted] }),
        );
        const [visible = 0, inFlight = 0, delayed = 0] = counted.map((name) => Number(Attributes[name] ?? 0));
        return { visible, hidden: inFlight + delayed };
      } catch (error) {
        if (isNamed(error, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")) return undefined;
        throw error;
      }
    },
  };
}

/** A consumer's settings, where there are any that this version can read. */
function settingsOf(line: string | undefined): ConsumerSettings | undefined {
  try {
    return readSettings({ [settingsVariable]: line });
  } catch {
    return undefined;
  }
}

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return names.includes(describeError(error).name);
}
