import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  type FunctionConfiguration,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListTagsCommand,
  type ProvisionedPollerConfig,
  paginateListEventSourceMappings,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import {
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  paginateListTopics,
  SNSClient,
} from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../../src/aws-client.ts";
import { systemClock } from "../../src/clock.ts";
import { type RelaySettings, readJobSettings, settingsVariable } from "../../src/env.ts";
import { dynamoOutbox, outboxTable, sdkCalls } from "../../src/outbox/index.ts";
import { queueFlows } from "../lag/queue-flows.ts";
import { lookAtOutbox } from "../outbox/index.ts";
import { wireTargetFor } from "../wire-target-for.ts";
import { attempt } from "./attempt.ts";
import type { CloudReads, FunctionFacts, Read, SubscriptionFacts } from "./facts.ts";
import { readAlarms } from "./read-alarms.ts";
import { countStanding } from "./read-outbox.ts";
import { readSchedule } from "./read-schedule.ts";

/** AWS's defaults: 2 pollers at least, 200 at most. (API_ProvisionedPollerConfig) */
function pollersOf(config: ProvisionedPollerConfig | undefined) {
  return config && { minimum: config.MinimumPollers ?? 2, maximum: config.MaximumPollers ?? 200 };
}

function stateOf(configuration: FunctionConfiguration): Pick<FunctionFacts, "name" | "state" | "trouble"> {
  const { FunctionName: name = "", State, StateReason, LastUpdateStatus } = configuration;
  const isHurt = State !== undefined && (State !== "Active" || LastUpdateStatus === "Failed");
  const why = StateReason ?? configuration.LastUpdateStatusReason ?? "";
  return {
    name,
    // ListFunctions leaves the state out for functions that have long been well. (API_FunctionConfiguration)
    state: State ?? "Active",
    trouble: isHurt ? `${LastUpdateStatus} ${why}`.trim() : undefined,
  };
}

/** `CloudReads` through the AWS SDK, where the environment leads. Call `close` when done. */
export function sdkReads(): CloudReads & { close(): void } {
  const options = { maxAttempts: 3 };
  const lambda = awsClient(LambdaClient, options);
  const sqs = awsClient(SQSClient, options);
  const sns = awsClient(SNSClient, options);
  const dynamodb = awsClient(DynamoDBClient, options);
  const s3 = awsClient(S3Client, options);
  const wireTarget = async () =>
    wireTargetFor(...(await Promise.all([lambda.config.region(), lambda.config.credentials()])));

  const withConcurrency = async (configuration: FunctionConfiguration): Promise<FunctionFacts> => {
    const FunctionName = configuration.FunctionName ?? "";
    // Without this one permission the rest is still worth looking at.
    const reserved = await attempt("lambda:GetFunctionConcurrency", () =>
      lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
    );
    const tags = await lambda
      .send(new ListTagsCommand({ Resource: configuration.FunctionArn }))
      // A stand-in may not know of tags; nothing is judged by them.
      .catch(() => ({ Tags: undefined }));
    return {
      ...stateOf(configuration),
      settings: configuration.Environment?.Variables?.[settingsVariable] ?? "",
      // CloudFormation marks what it makes. (cfn-resource-tags)
      stack: tags.Tags?.["aws:cloudformation:stack-name"],
      timeoutSeconds: configuration.Timeout ?? 3,
      memoryMb: configuration.MemorySize ?? 128,
      reservedConcurrency: "found" in reserved ? reserved.found.ReservedConcurrentExecutions : undefined,
    };
  };

  const readSubscription = async (SubscriptionArn: string): Promise<Record<string, string>> => {
    if (!SubscriptionArn.startsWith("arn:")) return {};
    return (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {};
  };

  return {
    functions: () =>
      attempt("lambda:ListFunctions", async () => {
        const found: FunctionConfiguration[] = [];
        for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
          found.push(...Functions.filter(({ Environment }) => Environment?.Variables?.[settingsVariable]));
        }
        return Promise.all(found.map(withConcurrency));
      }),

    functionState: (FunctionName) =>
      attempt("lambda:GetFunctionConfiguration", async () =>
        stateOf(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))),
      ),

    async relaySettings(FunctionName) {
      const read = await attempt("lambda:GetFunctionConfiguration", () =>
        lambda.send(new GetFunctionConfigurationCommand({ FunctionName })),
      );
      if (!("found" in read)) return read;
      try {
        return { found: readJobSettings<RelaySettings>(read.found.Environment?.Variables ?? {}) };
      } catch {
        // That it cannot run is said of the function.
        return { missing: true };
      }
    },

    standing: (settings) =>
      attempt("dynamodb:Query", async () => {
        const nowMs = systemClock.nowMs();
        const store = dynamoOutbox({ table: outboxTable(settings), calls: sdkCalls({ client: dynamodb }) });
        return countStanding(await lookAtOutbox(store, { graceMs: settings.graceMs, nowMs }), nowMs);
      }),

    alarms: async (names) => readAlarms(await wireTarget(), names),

    mappings: (FunctionName) =>
      attempt("lambda:ListEventSourceMappings", async () => {
        const found = [];
        for await (const page of paginateListEventSourceMappings({ client: lambda }, { FunctionName })) {
          found.push(...(page.EventSourceMappings ?? []));
        }
        return found.map((mapping) => ({
          uuid: mapping.UUID ?? "",
          queueArn: mapping.EventSourceArn ?? "",
          state: mapping.State ?? "unknown",
          batchSize: mapping.BatchSize ?? 10,
          windowSeconds: mapping.MaximumBatchingWindowInSeconds ?? 0,
          maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
          pollers: pollersOf(mapping.ProvisionedPollerConfig),
          partialAnswers: mapping.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
          lastResult: mapping.LastProcessingResult,
        }));
      }),

    queue: (name) =>
      attempt("sqs:GetQueueAttributes", async () => {
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
        const { Attributes = {} } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
        );
        const count = (attribute: keyof typeof Attributes) => Number(Attributes[attribute] ?? 0);
        const redrive = JSON.parse(Attributes.RedrivePolicy ?? "null") as {
          deadLetterTargetArn: string;
          maxReceiveCount: number | string;
        } | null;
        return {
          name,
          arn: Attributes.QueueArn ?? "",
          waiting: count("ApproximateNumberOfMessages") + count("ApproximateNumberOfMessagesDelayed"),
          inFlight: count("ApproximateNumberOfMessagesNotVisible"),
          visibilitySeconds: count("VisibilityTimeout"),
          retentionSeconds: count("MessageRetentionPeriod"),
          redrive: redrive
            ? { targetArn: redrive.deadLetterTargetArn, maxReceiveCount: Number(redrive.maxReceiveCount) }
            : undefined,
          policy: Attributes.Policy,
        };
      }),

    async oldestSeconds(name) {
      const flows = await queueFlows({ target: await wireTarget(), queueNames: [name] });
      return flows.get(name)?.oldestSeconds;
    },

    schedule: (name) =>
      attempt("scheduler:GetSchedule", async () => {
        return readSchedule(await wireTarget(), name);
      }),

    bucket: (name) =>
      attempt("s3:ListBucket", async () => {
        await s3.send(new ListObjectsV2Command({ Bucket: name, MaxKeys: 1 }));
        return name;
      }),

    topics: (prefix) =>
      attempt("sns:ListTopics", async () => {
        const found: string[] = [];
        for await (const { Topics = [] } of paginateListTopics({ client: sns }, {})) {
          found.push(...Topics.map(({ TopicArn = "" }) => TopicArn));
        }
        return found.filter((arn) => arn.split(":").at(-1)?.startsWith(prefix));
      }),

    subscriptions: (TopicArn): Promise<Read<readonly SubscriptionFacts[]>> =>
      attempt("sns:GetSubscriptionAttributes", async () => {
        const found = [];
        for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
          found.push(...(page.Subscriptions ?? []));
        }
        return Promise.all(
          found.map(async ({ SubscriptionArn = "", Endpoint = "" }) => {
            const attributes = await readSubscription(SubscriptionArn);
            // Without a policy AWS leaves it out, and MiniStack says nothing.
            const redrive = JSON.parse(attributes.RedrivePolicy || "{}") as { deadLetterTargetArn?: string };
            return {
              arn: SubscriptionArn,
              topicArn: TopicArn,
              endpoint: Endpoint,
              raw: attributes.RawMessageDelivery === "true",
              filterPolicy: JSON.parse(attributes.FilterPolicy || "{}") as Record<string, unknown>,
              redriveTargetArn: redrive.deadLetterTargetArn,
            };
          }),
        );
      }),

    table: (name) =>
      attempt("dynamodb:DescribeTable", async () => {
        const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
        return {
          name,
          status: Table?.TableStatus ?? "unknown",
          keys: (Table?.KeySchema ?? []).map(({ AttributeName = "" }) => AttributeName),
          stream: Table?.StreamSpecification?.StreamEnabled
            ? { arn: Table.LatestStreamArn ?? "", view: Table.StreamSpecification.StreamViewType ?? "" }
            : undefined,
        };
      }),

    close() {
      for (const client of [lambda, sqs, sns, dynamodb, s3]) client.destroy();
    },
  };
}
