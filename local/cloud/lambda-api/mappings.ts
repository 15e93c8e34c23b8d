import { describeError } from "../../../src/errors.ts";
import type { Mapping, MappingChange, StreamMapping } from "../../mapping/index.ts";
import { answer, apiError } from "../api-answer.ts";
import type { ForwardedAnswer } from "../endpoint/messages.ts";
import { changeStreamMapping, describeStream } from "./stream-mappings.ts";

/** A mapping of either kind. */
export type AnyMapping = Mapping | StreamMapping;

/** What a mapping reads. */
export function sourceArnOf({ spec }: AnyMapping): string {
  return "queueArn" in spec ? spec.queueArn : spec.streamArn;
}

/** A mapping as `GetEventSourceMapping` describes it. */
export function describeMapping(
  mapping: AnyMapping,
  place: { region: string; account: string },
): Record<string, unknown> {
  const { spec } = mapping;
  const prefix = `arn:aws:lambda:${place.region}:${place.account}`;
  return {
    UUID: spec.uuid,
    EventSourceMappingArn: `${prefix}:event-source-mapping:${spec.uuid}`,
    EventSourceArn: sourceArnOf(mapping),
    FunctionArn: `${prefix}:function:${spec.functionName}`,
    BatchSize: spec.batchSize,
    MaximumBatchingWindowInSeconds: spec.windowMs / 1_000,
    FunctionResponseTypes: spec.reportBatchItemFailures ? ["ReportBatchItemFailures"] : [],
    State: mapping.state(),
    StateTransitionReason: "USER_INITIATED",
    LastModified: 1_767_225_600,
    ...("queueArn" in spec ? describeQueue(spec) : describeStream(spec)),
  };
}

function describeQueue({ maximumConcurrency }: Mapping["spec"]): Record<string, unknown> {
  return maximumConcurrency === undefined
    ? {}
    : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } };
}

/** `UpdateEventSourceMapping`: what a mapping can change while it runs. */
export function updateMapping(
  mapping: AnyMapping,
  body: string,
  place: { region: string; account: string },
): ForwardedAnswer {
  const fields = JSON.parse(body || "{}") as Record<string, unknown>;
  try {
    if (isOfQueue(mapping)) mapping.update(changeOf(fields));
    else changeStreamMapping(mapping, fields);
  } catch (thrown) {
    return apiError(400, "InvalidParameterValueException", describeError(thrown).message);
  }
  return answer(202, describeMapping(mapping, place));
}

function isOfQueue(mapping: AnyMapping): mapping is Mapping {
  return "queueArn" in mapping.spec;
}

function changeOf(fields: Readonly<Record<string, unknown>>): MappingChange {
  const { Enabled, BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig } = fields as {
    Enabled?: boolean;
    BatchSize?: number;
    MaximumBatchingWindowInSeconds?: number;
    ScalingConfig?: { MaximumConcurrency?: number };
  };
  return {
    ...(Enabled === undefined ? {} : { enabled: Enabled }),
    ...(BatchSize === undefined ? {} : { batchSize: BatchSize }),
    ...(MaximumBatchingWindowInSeconds === undefined
      ? {}
      : { windowMs: MaximumBatchingWindowInSeconds * 1_000 }),
    // An empty ScalingConfig takes the bound away. (API_UpdateEventSourceMapping)
    ...(ScalingConfig === undefined ? {} : { maximumConcurrency: ScalingConfig.MaximumConcurrency }),
  };
}
