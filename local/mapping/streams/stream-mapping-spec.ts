import { SettingsError } from "../../../src/errors.ts";
import { lambda } from "../../../src/limits-of-aws.ts";
import { compileFilters } from "../event-filter.ts";

/** An event source mapping of a DynamoDB stream, as a template describes it. */
export interface StreamMappingSpec {
  readonly uuid: string;
  readonly streamArn: string;
  readonly functionName: string;
  /** Where a mapping begins that has read nothing yet. */
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  /** Records in one batch: ≤ 10,000. */
  readonly batchSize: number;
  /** How long a batch is gathered, from its first record on. */
  readonly windowMs: number;
  /** Whether a batch that failed is halved before it is tried again. */
  readonly bisectBatchOnFunctionError: boolean;
  /** Tries after the first one; without it records are tried until they expire. */
  readonly maximumRetryAttempts?: number | undefined;
  /** Older records are discarded; without it those that the stream itself has forgotten. */
  readonly maximumRecordAgeMs?: number | undefined;
  /** Batches of one shard at once; those of one item are in order all the same. */
  readonly parallelizationFactor: number;
  /** The queue that hears of discarded records. */
  readonly onFailureArn?: string | undefined;
  /** Patterns as JSON; a record that none takes is passed over. None at all: every record counts. */
  readonly filters: readonly string[];
  /** Whether the function's answer is read (`ReportBatchItemFailures`). */
  readonly reportBatchItemFailures: boolean;
  readonly enabled: boolean;
}

/** Throws `SettingsError` for a mapping that Lambda would refuse. (services-ddb-params) */
export function checkStreamMappingSpec(spec: StreamMappingSpec): StreamMappingSpec {
  const { batchSize, windowMs, parallelizationFactor, maximumRetryAttempts, maximumRecordAgeMs } = spec;
  const { minRecordAgeSeconds, maxRecordAgeSeconds } = lambda;
  const check = (name: string, value: number, min: number, max: number) => {
    if (Number.isInteger(value) && value >= min && value <= max) return;
    throw new SettingsError(
      "mapping-spec",
      `the mapping of ${spec.functionName} has ${name} ${value}: ${min} to ${max} is allowed`,
    );
  };
  check("batchSize", batchSize, 1, lambda.maxBatchSizeStandard);
  check("windowMs", windowMs, 0, lambda.maxWindowSeconds * 1_000);
  check("parallelizationFactor", parallelizationFactor, 1, lambda.maxParallelizationFactor);
  if (maximumRetryAttempts !== undefined) {
    check("maximumRetryAttempts", maximumRetryAttempts, 0, lambda.maxStreamRetryAttempts);
  }
  if (maximumRecordAgeMs !== undefined) {
    check("maximumRecordAgeMs", maximumRecordAgeMs, minRecordAgeSeconds * 1_000, maxRecordAgeSeconds * 1_000);
  }
  compileFilters(spec.filters);
  return spec;
}
