import { SettingsError } from "../../../src/errors.ts";
import type { StreamMapping } from "../../mapping/index.ts";
import { boundOf, filtersOf, onFailureOf, reportsFailures } from "../resources/index.ts";

/** What the description of a stream's mapping has that a queue's has not. */
export function describeStream(spec: StreamMapping["spec"]): Record<string, unknown> {
  const { maximumRecordAgeMs: ageMs, onFailureArn, filters } = spec;
  return {
    StartingPosition: spec.startingPosition,
    BisectBatchOnFunctionError: spec.bisectBatchOnFunctionError,
    MaximumRetryAttempts: spec.maximumRetryAttempts ?? -1,
    MaximumRecordAgeInSeconds: ageMs === undefined ? -1 : ageMs / 1_000,
    ParallelizationFactor: spec.parallelizationFactor,
    TumblingWindowInSeconds: 0,
    DestinationConfig: { OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn } },
    ...(filters.length === 0 ? {} : { FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } }),
  };
}

/** `UpdateEventSourceMapping` of a stream's: only what is given changes. Throws `SettingsError`. */
export function changeStreamMapping(mapping: StreamMapping, fields: Readonly<Record<string, unknown>>): void {
  const unsupported = (what: string) => {
    throw new SettingsError("mapping-spec", what);
  };
  const has = (name: string) => fields[name] !== undefined;
  mapping.update({
    ...(has("Enabled") ? { enabled: fields.Enabled === true } : {}),
    ...(has("BatchSize") ? { batchSize: Number(fields.BatchSize) } : {}),
    ...(has("MaximumBatchingWindowInSeconds")
      ? { windowMs: Number(fields.MaximumBatchingWindowInSeconds) * 1_000 }
      : {}),
    ...(has("BisectBatchOnFunctionError")
      ? { bisectBatchOnFunctionError: fields.BisectBatchOnFunctionError === true }
      : {}),
    ...(has("MaximumRetryAttempts") ? { maximumRetryAttempts: boundOf(fields.MaximumRetryAttempts) } : {}),
    ...(has("MaximumRecordAgeInSeconds")
      ? { maximumRecordAgeMs: boundOf(fields.MaximumRecordAgeInSeconds, 1_000) }
      : {}),
    ...(has("ParallelizationFactor") ? { parallelizationFactor: Number(fields.ParallelizationFactor) } : {}),
    ...(has("FunctionResponseTypes")
      ? { reportBatchItemFailures: reportsFailures(fields.FunctionResponseTypes) }
      : {}),
    // An empty one takes the filters away. (API_UpdateEventSourceMapping)
    ...(has("FilterCriteria") ? { filters: filtersOf(fields.FilterCriteria) } : {}),
    ...(has("DestinationConfig") ? { onFailureArn: onFailureOf(fields.DestinationConfig, unsupported) } : {}),
  });
}
