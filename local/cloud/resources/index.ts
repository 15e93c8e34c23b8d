import { dynamodbGlobalTable, dynamodbTable } from "./dynamodb-table.ts";
import { eventsRule } from "./events-rule.ts";
import { lambdaEventInvokeConfig } from "./lambda-event-invoke-config.ts";
import { lambdaFunction } from "./lambda-function.ts";
import { lambdaMapping } from "./lambda-mapping.ts";
import { lambdaAlias, lambdaVersion } from "./lambda-version.ts";
import type { ResourceType } from "./resource-type.ts";
import { s3Bucket } from "./s3-bucket.ts";
import { schedulerSchedule, schedulerScheduleGroup } from "./scheduler-schedule.ts";
import { snsSubscription } from "./sns-subscription.ts";
import { snsTopic, snsTopicPolicy } from "./sns-topic.ts";
import { sqsQueue, sqsQueuePolicy } from "./sqs-queue.ts";
import { typesWithoutEffect } from "./without-effect.ts";

export {
  applied,
  type MappingHost,
  type Placed,
  type Platform,
  type Properties,
  type ResourceType,
} from "./resource-type.ts";
export { boundOf, filtersOf, onFailureOf, reportsFailures } from "./stream-mapping-properties.ts";
export { typesWithoutEffect } from "./without-effect.ts";

/** The types that do something here. */
export const typesWithEffect: readonly ResourceType[] = [
  snsTopic,
  snsTopicPolicy,
  snsSubscription,
  sqsQueue,
  sqsQueuePolicy,
  lambdaFunction,
  lambdaEventInvokeConfig,
  lambdaMapping,
  lambdaVersion,
  lambdaAlias,
  dynamodbTable,
  dynamodbGlobalTable,
  s3Bucket,
  schedulerSchedule,
  schedulerScheduleGroup,
  eventsRule,
];

/** Every resource type of the local cloud, by its name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [...typesWithEffect, ...typesWithoutEffect].map((type) => [type.type, type]),
);
