import { type Clock, systemClock } from "../../src/clock.ts";
import type { WireTarget } from "../../src/env.ts";
import { type WireClient, WireError, wireClient } from "../../src/wire/index.ts";
import type { QueueFlow } from "./ports.ts";

/** CloudWatch's metrics of a queue, and how a minute of each is summed up. (sqs-available-cloudwatch-metrics) */
const metrics = {
  sent: ["NumberOfMessagesSent", "Sum"],
  deleted: ["NumberOfMessagesDeleted", "Sum"],
  oldest: ["ApproximateAgeOfOldestMessage", "Maximum"],
} as const;
type Metric = keyof typeof metrics;

const periodSeconds = 60;
/** SQS reports a minute some minutes late. */
const lookBackMs = 10 * 60_000;
/** Queries in one GetMetricData. (API_GetMetricData) */
const maxQueries = 500;

interface MetricData {
  readonly MetricDataResults?: readonly { readonly Id?: string; readonly Values?: readonly number[] }[];
}

/**
 * What CloudWatch has counted of queues in the newest minute that it knows. Answers nothing where there is no
 * CloudWatch, as on one machine, or where it may not be asked. Never throws.
 */
export async function queueFlows({
  target,
  queueNames,
  clock = systemClock,
}: {
  readonly target: WireTarget;
  readonly queueNames: readonly string[];
  readonly clock?: Clock;
}): Promise<ReadonlyMap<string, QueueFlow>> {
  const call = wireClient({ service: "monitoring", target, maxAttempts: 2, errorOf, clock });
  const kinds = Object.keys(metrics) as Metric[];
  const perCall = Math.floor(maxQueries / kinds.length);
  const flows = new Map<string, QueueFlow>();
  for (let start = 0; start < queueNames.length; start += perCall) {
    const names = queueNames.slice(start, start + perCall);
    const values = await ask(call, names, kinds, clock.nowMs()).catch(() => new Map<string, number>());
    if (values.size === 0) continue;
    names.forEach((name, index) => {
      const [sent, deleted, oldest] = kinds.map((kind) => values.get(`${kind}${index}`));
      flows.set(name, {
        inPerSecond: perSecond(sent),
        outPerSecond: perSecond(deleted),
        oldestSeconds: oldest,
      });
    });
  }
  return flows;
}

async function ask(
  call: WireClient,
  queueNames: readonly string[],
  kinds: readonly Metric[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const body = {
    StartTime: Math.floor((nowMs - lookBackMs) / 1_000),
    EndTime: Math.floor(nowMs / 1_000),
    ScanBy: "TimestampDescending",
    MetricDataQueries: queueNames.flatMap((queueName, index) =>
      kinds.map((kind) => ({
        Id: `${kind}${index}`,
        MetricStat: {
          Metric: {
            Namespace: "AWS/SQS",
            MetricName: metrics[kind][0],
            Dimensions: [{ Name: "QueueName", Value: queueName }],
          },
          Period: periodSeconds,
          Stat: metrics[kind][1],
        },
      })),
    ),
  };
  const { body: answer } = await call({
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "GraniteServiceVersion20100801.GetMetricData",
    },
    body: JSON.stringify(body),
  });
  const { MetricDataResults: results = [] } = JSON.parse(answer) as MetricData;
  return new Map(
    results.flatMap(({ Id, Values }): [string, number][] => {
      const newest = Values?.[0];
      return Id === undefined || newest === undefined ? [] : [[Id, newest]];
    }),
  );
}

function perSecond(inPeriod: number | undefined): number | undefined {
  return inPeriod === undefined ? undefined : inPeriod / periodSeconds;
}

function errorOf(body: string, status: number): WireError {
  return new WireError("CloudWatch", body.slice(0, 200), status);
}
