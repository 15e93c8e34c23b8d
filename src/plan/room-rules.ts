import { sqs } from "../limits-of-aws.ts";
import type { HorizonCheck, LoadPlan } from "./plan-load.ts";
import type { PlanRule } from "./plan-rule.ts";
import { shownNumber } from "./shown.ts";

/** All that share a rate fit into its horizon. */
export const horizonRule: PlanRule<{
  readonly consumer: { readonly name: string };
  readonly horizons: readonly HorizonCheck[];
}> = {
  id: "limit-horizon",
  reason: "events would find no start again and again, and wait in the queue while starts go unused",
  fix: 'lower concurrency or batchSize of those that share it, or raise the limit\'s horizonMs (an invocation waits so long); or let a schedule drain it (drain: "schedule")',
  link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html",
  check: ({ consumer, horizons }) => {
    const over = horizons.find(({ starts, room }) => starts > room);
    if (!over) return undefined;
    const { limit, room, starts, sharers } = over;
    const own = starts - sharers.reduce((sum, sharer) => sum + sharer.starts, 0);
    const sum = [...sharers, { consumer: consumer.name, starts: own }]
      .map((one) => `${one.consumer} ${one.starts}`)
      .join(" + ");
    return `limit ${limit.meaning} holds ${room} starts in its horizon, and up to ${starts} are asked for at once (concurrency × batchSize: ${sum})`;
  },
};

/** What runs at once stays below what SQS hands out. */
export const inFlightRule: PlanRule<Pick<LoadPlan, "inFlight">> = {
  id: "in-flight",
  reason: "SQS hands out no more than so many at a time: concurrency that is paid for would find nothing",
  fix: "lower batchSize or concurrency",
  link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
  check: ({ inFlight }) =>
    inFlight <= sqs.maxInFlight
      ? undefined
      : `concurrency × batchSize is ${shownNumber(inFlight)} messages in flight; ${shownNumber(sqs.maxInFlight)} are allowed`,
};
