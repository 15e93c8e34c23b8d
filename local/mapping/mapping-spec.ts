import { SettingsError } from "../../src/errors.ts";
import { lambda } from "../../src/limits-of-aws.ts";

/** An event source mapping, as a template describes it. */
export interface MappingSpec {
  readonly uuid: string;
  readonly queueArn: string;
  readonly functionName: string;
  /** Messages in one batch: ≤ 10,000; ≤ 10 where the queue is ordered, or where there is no window. */
  readonly batchSize: number;
  /** How long a batch is gathered, from its first message on. */
  readonly windowMs: number;
  /** Most batches at once. */
  readonly maximumConcurrency?: number;
  /** Whether the function's answer is read (`ReportBatchItemFailures`). */
  readonly reportBatchItemFailures: boolean;
  readonly fifo: boolean;
  readonly enabled: boolean;
}

/** Throws `SettingsError` for a mapping that Lambda would refuse. (services-sqs-configure) */
export function checkMappingSpec(spec: MappingSpec): MappingSpec {
  const { batchSize, windowMs, maximumConcurrency } = spec;
  const maxBatch = spec.fifo || windowMs < 1_000 ? lambda.maxBatchSizeFifo : lambda.maxBatchSizeStandard;
  check(
    spec,
    Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= maxBatch,
    `batchSize ${batchSize}: 1 to ${maxBatch} is allowed${spec.fifo ? " for an ordered queue" : windowMs < 1_000 ? " without a window of at least a second" : ""}`,
  );
  check(
    spec,
    windowMs >= 0 && windowMs <= lambda.maxWindowSeconds * 1_000,
    `windowMs ${windowMs}: 0 to ${lambda.maxWindowSeconds * 1_000} is allowed`,
  );
  const { minMaximumConcurrency: min, maxMaximumConcurrency: max } = lambda;
  check(
    spec,
    maximumConcurrency === undefined ||
      (Number.isInteger(maximumConcurrency) && maximumConcurrency >= min && maximumConcurrency <= max),
    `maximumConcurrency ${maximumConcurrency}: ${min} to ${max} is allowed, or none`,
  );
  return spec;
}

function check({ functionName }: MappingSpec, holds: boolean, message: string): void {
  if (!holds) throw new SettingsError("mapping-spec", `the mapping of ${functionName} has ${message}`);
}
