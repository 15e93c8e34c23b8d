import {
  type CfnEventSourceMapping,
  EventSourceMapping,
  type Function as LambdaFunction,
} from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { drainInput } from "../src/env.ts";
import { functionName } from "../src/names.ts";
import { drainDefaults } from "../src/plan/index.ts";
import type { ConsumerFacts } from "./guards/index.ts";
import { addSchedule } from "./schedule.ts";

/** Has Lambda hand a consumer's messages to its function. */
export function addMapping(
  scope: Construct,
  facts: ConsumerFacts,
  { target, queue }: { readonly target: LambdaFunction; readonly queue: IQueue },
): EventSourceMapping {
  const mapping = new EventSourceMapping(scope, "Mapping", {
    target,
    eventSourceArn: queue.queueArn,
    batchSize: facts.batchSize,
    reportBatchItemFailures: true,
    ...(facts.batchWindow.toSeconds() > 0 ? { maxBatchingWindow: facts.batchWindow } : {}),
    ...(facts.maximum === undefined ? {} : { maxConcurrency: facts.maximum }),
  });
  if (facts.pollers) {
    // The construct knows the fewer pollers of other event sources; the guards know SQS's.
    (mapping.node.defaultChild as CfnEventSourceMapping).provisionedPollerConfig = {
      minimumPollers: facts.pollers.minimum,
      maximumPollers: facts.pollers.maximum,
    };
  }
  return mapping;
}

/** Has a schedule call a consumer's function to drain its queue. There is no mapping then. */
export function addDrain(
  scope: Construct,
  { bus, consumer }: Pick<ConsumerFacts, "bus" | "consumer">,
  target: LambdaFunction,
): void {
  const every = Duration.millis(drainDefaults.everyMs);
  // The next minute's run does what one that failed, or was late, did not.
  target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: every });
  addSchedule(scope, "Drain", { name: functionName(bus, consumer), every, target, input: drainInput });
}
