import { consumerModes } from "../../src/env.ts";
import { SettingsError } from "../../src/errors.ts";
import {
  type ConsumerWish,
  type Load,
  type PlannedLimit,
  parseArrivals,
  parseBurst,
  parseSpan,
} from "../../src/plan/index.ts";
import { count, oneOf } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

/** What is wrong with a setting is, on the command line, wrong with the command line. */
export function orUsage<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (thrown) {
    throw thrown instanceof SettingsError ? new UsageError(thrown.message) : thrown;
  }
}

function asUsage<Value>(parse: (typed: string) => Value): (typed: string) => Value {
  return (typed) => orUsage(() => parse(typed));
}

const span = asUsage(parseSpan);

/** `2:50`: the fewest and the most. */
function pollers(typed: string): { readonly minimum: number; readonly maximum: number } {
  const [, minimum, maximum] = /^(\d{1,5}):(\d{1,5})$/.exec(typed) ?? [];
  if (minimum !== undefined && maximum !== undefined && Number(minimum) >= 1 && Number(maximum) >= 1) {
    return { minimum: Number(minimum), maximum: Number(maximum) };
  }
  throw new UsageError(`${JSON.stringify(typed)} are no pollers: give the fewest and the most, as in 2:50`);
}

/** What is to be carried. */
export const loadOptions = {
  arrivals: {
    value: "<rate>",
    summary: "events that come, as in 100/s, 2000/h",
    parse: asUsage(parseArrivals),
  },
  handler: { value: "<time>", summary: "what the handler takes for one event, as in 40ms", parse: span },
  burst: {
    value: "<rate:time>",
    summary: "more for a while, as in 100000/s:10s",
    parse: asUsage(parseBurst),
  },
  outage: { value: "<time>", summary: "how long what it calls may be down, as in 1h", parse: span },
  bytes: { value: "<bytes>", summary: "one event as a message (default: 1024)", parse: count },
  groups: { value: "<count>", summary: "ordered: partition keys with work at one time", parse: count },
  together: { value: "<count>", summary: "events in one request to SNS, 1 to 10 (default: 1)", parse: count },
} as const;

/** What of the consumer is fixed. */
export const settingOptions = {
  limit: {
    value: "<rates>",
    summary: "its limits, as in 5000/s or partner=50/s,mail=1000/day; may be given again for more",
    parse: (typed: string, before?: unknown) => (before === undefined ? typed : `${before},${typed}`),
  },
  concurrency: { value: "<count>", summary: "invocations at once", parse: count },
  pollers: { value: "<min:max>", summary: "provisioned mode, as in 2:50", parse: pollers },
  batch: { value: "<count>", summary: "events in one batch", parse: count },
  window: { value: "<time>", summary: "how long a batch may fill", parse: span },
  parallel: { value: "<count>", summary: "handlers side by side in one batch", parse: count },
  timeout: { value: "<time>", summary: "of the function", parse: span },
  memory: { value: "<MB>", summary: "of the function", parse: count },
  mode: { value: "<mode>", summary: "once, transaction, record or none", parse: oneOf(...consumerModes) },
  fifo: { summary: "an ordered queue" },
  survive: { value: "<time>", summary: "an outage of this length kills no event", parse: span },
  retention: { value: "<time>", summary: "of the queue", parse: span },
  region: { value: "<region>", summary: "whose SNS quota counts (default: the consumer's, or us-east-1)" },
} as const;

/** The load that was typed; what was not typed is as `expect` says. Throws `UsageError` when there is nothing to plan for. */
export function loadOf(
  typed: {
    readonly arrivals?: number | undefined;
    readonly handler?: number | undefined;
    readonly burst?: Load["burst"];
    readonly outage?: number | undefined;
    readonly bytes?: number | undefined;
    readonly groups?: number | undefined;
    readonly together?: number | undefined;
  },
  expect: Load | undefined,
): Load {
  const arrivalsPerSecond = typed.arrivals ?? expect?.arrivalsPerSecond;
  const handlerMs = typed.handler ?? expect?.handlerMs;
  if (arrivalsPerSecond === undefined) {
    throw new UsageError(
      "there are no arrivals to plan for: give --arrivals, as in --arrivals 100/s, or expect: { arrivals, handlerMs } to the Consumer",
    );
  }
  if (handlerMs === undefined) {
    throw new UsageError(
      "a plan needs what the handler takes for one event: give --handler, as in --handler 40ms",
    );
  }
  return {
    arrivalsPerSecond,
    handlerMs,
    burst: typed.burst ?? expect?.burst,
    outageMs: typed.outage ?? expect?.outageMs,
    eventBytes: typed.bytes ?? expect?.eventBytes,
    groups: typed.groups ?? expect?.groups,
    publishedTogether: typed.together ?? expect?.publishedTogether,
  };
}

/** The settings that were typed. */
export function wishOf(
  typed: {
    readonly concurrency?: number | undefined;
    readonly pollers?: ConsumerWish["pollers"];
    readonly batch?: number | undefined;
    readonly window?: number | undefined;
    readonly parallel?: number | undefined;
    readonly timeout?: number | undefined;
    readonly memory?: number | undefined;
    readonly mode?: ConsumerWish["mode"];
    readonly fifo: boolean;
    readonly survive?: number | undefined;
    readonly retention?: number | undefined;
    readonly region?: string | undefined;
  },
  limits: readonly PlannedLimit[] | undefined,
): ConsumerWish {
  return {
    concurrency: typed.concurrency,
    pollers: typed.pollers,
    batchSize: typed.batch,
    batchWindowMs: typed.window,
    parallel: typed.parallel,
    timeoutMs: typed.timeout,
    memoryMb: typed.memory,
    mode: typed.mode,
    fifo: typed.fifo || undefined,
    surviveMs: typed.survive,
    retentionMs: typed.retention,
    region: typed.region,
    limits,
  };
}
