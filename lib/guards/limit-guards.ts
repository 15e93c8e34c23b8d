import { horizonRule, limitRoom, shownMs, splitRule } from "../../src/plan/index.ts";
import type { ConsumerFacts, LimitShare } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";
import { invocationsAtOnce } from "./invocations-at-once.ts";

const conditionalWrites =
  "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html";

/** What a limit can keep. */
export const limitGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "limit-twice",
    reason: "each meaning would be kept by half of its starts, and the sum by nobody",
    fix: "declare the limit once, in a module that its consumers share; or give one of them another name",
    link: conditionalWrites,
    final: true,
    check: ({ consumer, limits, shares }) => {
      const own = limits.map((limit) => ({ limit, consumer }));
      for (const limit of limits) {
        const other = [...own, ...shares].find(
          (share) => share.limit.name === limit.name && share.limit.meaning !== limit.meaning,
        );
        if (other) return `limit ${limit.meaning}; consumer ${other.consumer} has ${other.limit.meaning}`;
      }
      return undefined;
    },
  },
  {
    ...horizonRule,
    check: (facts) =>
      facts.drain === "schedule"
        ? undefined
        : horizonRule.check({
            consumer: { name: facts.consumer },
            horizons: facts.limits.flatMap((limit) => {
              // With a key, each key has the rate for itself: how many there are at once, nobody knows here.
              if (limit.kind !== "rate" || limit.key) return [];
              const sharers = facts.shares
                .filter((share) => share.limit.name === limit.name)
                .map((share) => ({ ...share, limit: limit.name }));
              const starts = sharers.reduce((sum, share) => sum + share.starts, shareOf(facts, limit).starts);
              return [{ limit, room: limitRoom(limit), starts, sharers }];
            }),
          }),
  },
  {
    ...splitRule,
    check: ({ limits }) => splitRule.check({ consumer: { limits } }),
  },
  {
    id: "limit-timeout",
    reason: "invocations would run out of time while they wait for their starts",
    fix: "raise timeout, or lower the limit's horizonMs",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    check: ({ limits, timeout, drain }) => {
      // Its runs wait for what they have time for.
      if (drain === "schedule") return undefined;
      const slow = limits.find(
        (limit) => limit.kind === "rate" && limit.horizonMs * 2 > timeout.toMilliseconds(),
      );
      return slow
        ? `timeout is ${timeout.toSeconds()} s, and limit ${slow.meaning}; at least twice its horizon is needed`
        : undefined;
    },
  },
  {
    id: "quota-window",
    reason:
      "what finds the quota spent waits for its next window, and the queue deletes it before that begins",
    fix: "raise retention above the quota's window, or leave it out",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-architecture.html",
    check: ({ limits, retention }) => {
      const slow = limits.find(
        ({ kind, windowMs }) => kind === "quota" && windowMs >= retention.toMilliseconds(),
      );
      return slow
        ? `retention is ${shownMs(retention.toMilliseconds())}, and limit ${slow.meaning} begins anew every ${shownMs(slow.windowMs)}`
        : undefined;
    },
  },
  {
    id: "limit-elsewhere",
    reason: "limits are kept where the bus is: here they would be others, and the sum above the rate",
    fix: "let the consumer run in the bus's account and region",
    link: conditionalWrites,
    final: true,
    check: ({ limits, isWithBus }) =>
      limits.length > 0 && !isWithBus
        ? `limits are given (${limits.map(({ name }) => name).join(", ")}), in another account or region than the bus's`
        : undefined,
  },
  {
    id: "limit-python",
    reason: "the limit would not be kept",
    fix: "handle these events in TypeScript",
    link: conditionalWrites,
    final: true,
    check: ({ limits, language }) =>
      limits.length > 0 && language === "python" ? "limits are given for a handler in Python" : undefined,
  },
];

/** What one consumer may ask of a limit. */
export function shareOf(facts: ConsumerFacts, limit: LimitShare["limit"]): LimitShare {
  return {
    limit,
    consumer: facts.consumer,
    // A drained one has its handlers side by side, whatever its batches.
    starts: facts.drain === "schedule" ? facts.parallel : invocationsAtOnce(facts) * facts.batchSize,
    perSecond: facts.loadPlan?.load.arrivalsPerSecond,
  };
}
