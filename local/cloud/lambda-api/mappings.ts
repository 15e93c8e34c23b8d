import { describeError } from "../../../src/errors.ts";
import type { Mapping, MappingChange } from "../../mapping/index.ts";
import type { ForwardedAnswer } from "../endpoint/messages.ts";
import { answer, apiError } from "./api-answer.ts";

/** A mapping as `GetEventSourceMapping` describes it. */
export function describeMapping(
  mapping: Mapping,
  place: { region: string; account: string },
): Record<string, unknown> {
  const { spec } = mapping;
  const prefix = `arn:aws:lambda:${place.region}:${place.account}`;
  return {
    UUID: spec.uuid,
    EventSourceMappingArn: `${prefix}:event-source-mapping:${spec.uuid}`,
    EventSourceArn: spec.queueArn,
    FunctionArn: `${prefix}:function:${spec.functionName}`,
    BatchSize: spec.batchSize,
    MaximumBatchingWindowInSeconds: spec.windowMs / 1_000,
    FunctionResponseTypes: spec.reportBatchItemFailures ? ["ReportBatchItemFailures"] : [],
    State: mapping.state(),
    StateTransitionReason: "USER_INITIATED",
    LastModified: 1_767_225_600,
    ...(spec.maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: spec.maximumConcurrency } }),
  };
}

/** `UpdateEventSourceMapping`: what a mapping can change while it runs. */
export function updateMapping(
  mapping: Mapping,
  body: string,
  place: { region: string; account: string },
): ForwardedAnswer {
  const {
    Enabled,
    BatchSize,
    MaximumBatchingWindowInSeconds: window,
    ScalingConfig,
  } = JSON.parse(body || "{}") as {
    Enabled?: boolean;
    BatchSize?: number;
    MaximumBatchingWindowInSeconds?: number;
    ScalingConfig?: { MaximumConcurrency?: number };
  };
  const change: MappingChange = {
    ...(Enabled === undefined ? {} : { enabled: Enabled }),
    ...(BatchSize === undefined ? {} : { batchSize: BatchSize }),
    ...(window === undefined ? {} : { windowMs: window * 1_000 }),
    // An empty ScalingConfig takes the bound away. (API_UpdateEventSourceMapping)
    ...(ScalingConfig === undefined ? {} : { maximumConcurrency: ScalingConfig.MaximumConcurrency }),
  };
  try {
    mapping.update(change);
  } catch (thrown) {
    return apiError(400, "InvalidParameterValueException", describeError(thrown).message);
  }
  return answer(202, describeMapping(mapping, place));
}
