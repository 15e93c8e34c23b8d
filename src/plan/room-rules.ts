import { sqs } from "../limits-of-aws.ts";
import type { HorizonCheck, LoadPlan } from "./plan-load.ts";
import type { PlanRule } from "./plan-rule.ts";
import type { PlannedLimit } from "./planned-consumer.ts";
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

/** Limits that one consumer holds are split alike: a start takes one item of each. */
export const splitRule: PlanRule<{ readonly consumer: { readonly limits: readonly PlannedLimit[] } }> = {
  id: "limit-split",
  reason:
    "a start takes one item of each limit: where they are not as many, some wait for each other while starts of others go unused",
  fix: "give both limits the same split (as many items as the one that has more), where they are declared",
  link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html",
  check: ({ consumer }) => {
    const [first, ...others] = consumer.limits.filter((limit) => itemsOf(limit) > 1);
    const other = others.find((limit) => first && itemsOf(limit) !== itemsOf(first));
    return first && other
      ? `limit ${first.name} is kept in ${itemsOf(first)} items, and limit ${other.name} in ${itemsOf(other)}; split: ${Math.max(itemsOf(first), itemsOf(other))} on both is allowed`
      : undefined;
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

function itemsOf({ parts = [] }: PlannedLimit): number {
  return parts.length;
}
