import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../../src/aws-client.ts";
import { dynamoDelayStates, wireKeptSchedules } from "../../src/delay/index.ts";
import { type DelayerSettings, jobSettingsVariable, readJobSettings } from "../../src/env.ts";
import {
  delayedDeadLetterQueueName,
  delayedQueueName,
  jobFunctionName,
  jobsTableName,
} from "../../src/names.ts";
import { queueDepth, queueUrl, totalOf } from "../queue-depth.ts";
import { wireTargetFor } from "../wire-target-for.ts";
import type { DelayedWorld } from "./list-delayed.ts";

/** A bus that delays, in this cloud. */
export interface FoundDelay extends DelayedWorld {
  /** About how many events lie in its queue, due within 15 minutes, and how many could not be passed on. */
  queued(): Promise<{ readonly soon: number; readonly dead: number }>;
}

/** The buses that delay where the environment's endpoint leads. */
export interface OpenDelayed {
  /** Every one there is, by its name; or that of one name. */
  list(bus: string | undefined): Promise<readonly FoundDelay[]>;
  close(): void;
}

/** Opens them through the AWS SDK, and Scheduler by signed calls. They are found by their functions' settings. */
export function openDelayed(): OpenDelayed {
  const lambda = awsClient(LambdaClient, { maxAttempts: 3 });
  const sqs = awsClient(SQSClient, { maxAttempts: 3 });
  const dynamodb = awsClient(DynamoDBClient, { maxAttempts: 5 });

  const open = async ({ bus, region }: DelayerSettings): Promise<FoundDelay> => {
    const depth = async (name: string) => totalOf(await queueDepth(sqs, await queueUrl(sqs, name)));
    return {
      bus,
      kept: wireKeptSchedules({ target: wireTargetFor(region, await lambda.config.credentials()) }),
      states: dynamoDelayStates({ table: jobsTableName(bus), region, client: dynamodb }),
      async queued() {
        const [soon, dead] = await Promise.all([
          depth(delayedQueueName(bus)),
          depth(delayedDeadLetterQueueName(bus)),
        ]);
        return { soon, dead };
      },
    };
  };

  return {
    async list(bus) {
      const found: DelayerSettings[] = [];
      for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
        for (const { FunctionName, Environment } of Functions) {
          const settings = delayerOf(FunctionName, Environment?.Variables?.[jobSettingsVariable]);
          if (settings && (bus === undefined || settings.bus === bus)) found.push(settings);
        }
      }
      return Promise.all(found.sort((one, other) => (one.bus < other.bus ? -1 : 1)).map(open));
    },
    close() {
      for (const client of [lambda, sqs, dynamodb]) client.destroy();
    },
  };
}

/** A function's settings, where it is a delayer of a version that is known here. */
function delayerOf(name: string | undefined, line: string | undefined): DelayerSettings | undefined {
  try {
    const settings = readJobSettings<DelayerSettings>({ [jobSettingsVariable]: line });
    return name === jobFunctionName(settings.bus, "delayer") ? settings : undefined;
  } catch {
    return undefined;
  }
}
