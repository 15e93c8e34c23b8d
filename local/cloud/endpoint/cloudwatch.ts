import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, systemClock } from "../../../src/clock.ts";
import type { Fauxqs, FauxqsMessage, FauxqsQueue } from "../engines/fauxqs-inside.ts";
import { answerJson } from "./answer.ts";
import { readBody } from "./body.ts";

interface MetricQuery {
  readonly Id: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/** Received so often, a message no longer counts as the oldest. (sqs-available-cloudwatch-metrics) */
const poisonReceives = 3;

/**
 * CloudWatch: three metrics of SQS's queues, of the last minute, and nothing else: `NumberOfMessagesSent`,
 * `NumberOfMessagesDeleted` and `ApproximateAgeOfOldestMessage`, by `GetMetricData` in the JSON protocol.
 */
export function createCloudWatch(fauxqs: Fauxqs, clock: Clock = systemClock) {
  const metricOf = (queue: FauxqsQueue, metric: string): number | undefined => {
    if (metric === "NumberOfMessagesSent") return fauxqs.counts.lately(queue.name).sent;
    if (metric === "NumberOfMessagesDeleted") return fauxqs.counts.lately(queue.name).deleted;
    return metric === "ApproximateAgeOfOldestMessage" ? oldestSeconds(queue, clock.nowMs()) : undefined;
  };
  const resultOf = ({ Id, MetricStat }: MetricQuery) => {
    const { Namespace, MetricName = "", Dimensions = [] } = MetricStat?.Metric ?? {};
    const name = Dimensions.find((one) => one.Name === "QueueName")?.Value;
    const queue = [...fauxqs.queues.queues.values()].find((one) => one.name === name);
    const value = Namespace === "AWS/SQS" && queue !== undefined ? metricOf(queue, MetricName) : undefined;
    const found = value === undefined ? [] : [value];
    return {
      Id,
      Label: MetricName,
      StatusCode: "Complete",
      Timestamps: found.map(() => Math.floor(clock.nowMs() / 60_000) * 60),
      Values: found,
    };
  };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = String(request.headers["x-amz-target"] ?? "");
    if (!target.endsWith(".GetMetricData")) {
      answerJson(response, 501, {
        __type: "NotImplemented",
        message: "of CloudWatch the local cloud has GetMetricData alone, for SQS, in the JSON protocol",
      });
      return;
    }
    const { MetricDataQueries: queries = [] } = JSON.parse(await readBody(request)) as {
      MetricDataQueries?: readonly MetricQuery[];
    };
    answerJson(response, 200, { MetricDataResults: queries.map(resultOf), Messages: [] });
  };
}

function oldestSeconds(queue: FauxqsQueue, nowMs: number): number {
  const { ready, delayed, inflight } = queue.inspectMessages();
  let oldestMs = nowMs;
  const look = ({ sentTimestamp, approximateReceiveCount }: FauxqsMessage) => {
    if (approximateReceiveCount < poisonReceives) oldestMs = Math.min(oldestMs, sentTimestamp);
  };
  for (const message of ready) look(message);
  for (const message of delayed) look(message);
  for (const { message } of inflight) look(message);
  return Math.floor((nowMs - oldestMs) / 1_000);
}
