import type { StreamMappingSpec } from "../../mapping/index.ts";
import { isRecord } from "../assembly/template.ts";
import { functionNameOf } from "../function-name.ts";
import { applied, type Properties } from "./resource-type.ts";

/** Properties of a mapping that streams alone have. */
export const streamProperties = {
  StartingPosition: applied,
  BisectBatchOnFunctionError: applied,
  MaximumRetryAttempts: applied,
  MaximumRecordAgeInSeconds: applied,
  ParallelizationFactor: applied,
  DestinationConfig: applied,
  FilterCriteria: applied,
  TumblingWindowInSeconds: applied,
};

/**
 * The mapping of a stream, out of a template's properties or an API's fields; `undefined` when it cannot run here.
 * AWS's defaults: 100 records, no window, tried until they expire. (services-ddb-params)
 */
export function streamSpecOf(
  properties: Properties,
  uuid: string,
  unsupported: (what: string) => void,
): StreamMappingSpec | undefined {
  const { StartingPosition: start, TumblingWindowInSeconds: tumbling = 0 } = properties;
  if (start !== "TRIM_HORIZON" && start !== "LATEST") {
    unsupported(`StartingPosition ${String(start)}: TRIM_HORIZON and LATEST are known here`);
    return undefined;
  }
  if (Number(tumbling) > 0) {
    unsupported(`TumblingWindowInSeconds ${String(tumbling)}: each batch is handled by itself here`);
  }
  const onFailureArn = onFailureOf(properties.DestinationConfig, unsupported);
  return {
    uuid,
    streamArn: String(properties.EventSourceArn),
    functionName: functionNameOf(String(properties.FunctionName)),
    startingPosition: start,
    batchSize: Number(properties.BatchSize ?? 100),
    windowMs: Number(properties.MaximumBatchingWindowInSeconds ?? 0) * 1_000,
    bisectBatchOnFunctionError: String(properties.BisectBatchOnFunctionError) === "true",
    parallelizationFactor: Number(properties.ParallelizationFactor ?? 1),
    filters: filtersOf(properties.FilterCriteria),
    reportBatchItemFailures: reportsFailures(properties.FunctionResponseTypes),
    enabled: String(properties.Enabled ?? true) !== "false",
    maximumRetryAttempts: boundOf(properties.MaximumRetryAttempts),
    maximumRecordAgeMs: boundOf(properties.MaximumRecordAgeInSeconds, 1_000),
    ...(onFailureArn === undefined ? {} : { onFailureArn }),
  };
}

/** Whether `FunctionResponseTypes` says that the function's answer is read. */
export function reportsFailures(types: unknown): boolean {
  return Array.isArray(types) && types.includes("ReportBatchItemFailures");
}

/** The patterns of `FilterCriteria`. */
export function filtersOf(criteria: unknown): readonly string[] {
  const filters = isRecord(criteria) && Array.isArray(criteria.Filters) ? criteria.Filters : [];
  return filters.map(({ Pattern }: { Pattern: unknown }) => String(Pattern));
}

/** −1 means none. */
export function boundOf(value: unknown, factor = 1): number | undefined {
  const bound = Number(value ?? -1);
  return bound === -1 ? undefined : bound * factor;
}

/** The queue of `OnFailure`; anything else than a queue is said to be not here. */
export function onFailureOf(config: unknown, unsupported: (what: string) => void): string | undefined {
  const onFailure = isRecord(config) && isRecord(config.OnFailure) ? config.OnFailure.Destination : undefined;
  if (typeof onFailure !== "string" || onFailure === "") return undefined;
  if (onFailure.startsWith("arn:aws:sqs:")) return onFailure;
  unsupported(`DestinationConfig ${onFailure}: only queues are told of failures`);
  return undefined;
}
