import { Duration } from "aws-cdk-lib/core";
import { encodeJobSettings, jobSettingsVariable, type ReconcilerSettings } from "../src/env.ts";
import { environmentBytes } from "./environment-bytes.ts";
import type { ReconcilerFacts } from "./guards/index.ts";
import type { ReconcilerProps } from "./reconciler-props.ts";

const defaults = {
  span: Duration.hours(1),
  timeout: Duration.minutes(5),
  concurrency: 5,
  memorySize: 512,
  callTimeout: Duration.seconds(30),
} as const;

/** A reconciliation with every default filled in, and the line of settings for its function. */
export interface ReconcilerPlan {
  readonly facts: ReconcilerFacts;
  readonly settings: string;
}

/** Fills in every default. Checks nothing: guards do. */
export function planReconciler(
  job: string,
  props: ReconcilerProps,
  { twin, isWithBus }: Pick<ReconcilerFacts, "twin" | "isWithBus">,
): ReconcilerPlan {
  const { bus, every, settle, keep, begin, lateAfter, bucket, environment = {} } = props;
  const span = props.span ?? defaults.span;
  const timeout = props.timeout ?? defaults.timeout;
  const auto = props.repair?.auto;
  const callTimeout = props.repair?.timeout ?? shorter(defaults.callTimeout, timeout);
  const settings: ReconcilerSettings = {
    v: 1,
    does: "reconcile",
    bus: bus.name,
    account: bus.account,
    region: bus.region,
    job,
    everyMs: every.toMilliseconds(),
    settleMs: settle.toMilliseconds(),
    spanMs: span.toMilliseconds(),
    ...(begin === undefined ? {} : { beginMs: begin.getTime() }),
    ...(keep === undefined ? {} : { keepMs: keep.toMilliseconds() }),
    ...(lateAfter === undefined ? {} : { lateAfterMs: lateAfter.toMilliseconds() }),
    ...(auto === undefined ? {} : { auto }),
    callMs: callTimeout.toMilliseconds(),
    ...(bucket === undefined ? {} : { bucket: bucket.bucketName }),
  };
  const line = encodeJobSettings(settings);
  return {
    settings: line,
    facts: {
      bus: bus.name,
      job,
      twin,
      isWithBus,
      hasBucket: bucket !== undefined || !("archive" in bus) || bus.archive !== undefined,
      every,
      settle,
      span,
      keep,
      begin,
      auto,
      callTimeout,
      timeout,
      concurrency: props.concurrency ?? defaults.concurrency,
      memorySize: props.memorySize ?? defaults.memorySize,
      environment: Object.keys(environment),
      environmentBytes: environmentBytes({ ...environment, [jobSettingsVariable]: line }),
    },
  };
}

/** The default, where a third of the timeout leaves room for it. */
function shorter(one: Duration, timeout: Duration): Duration {
  const thirdMs = Math.floor(timeout.toMilliseconds() / 3);
  return one.toMilliseconds() <= thirdMs ? one : Duration.millis(thirdMs);
}
