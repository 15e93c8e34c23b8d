import { limitRoom } from "../../src/plan/index.ts";
import type { ConsumerFacts, LimitShare } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";

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
    check: ({ limits, shares }) => {
      for (const limit of limits) {
        const other = shares.find(
          (share) => share.limit.name === limit.name && share.limit.meaning !== limit.meaning,
        );
        if (other) return `limit ${limit.meaning}; consumer ${other.consumer} has ${other.limit.meaning}`;
      }
      return undefined;
    },
  },
  {
    id: "limit-horizon",
    reason: "events would find no start again and again, and wait in the queue while starts go unused",
    fix: "lower concurrency or batchSize of those that share it, or raise the limit's horizonMs (an invocation waits so long)",
    link: conditionalWrites,
    check: (facts) => {
      for (const limit of facts.limits) {
        // With a key, each key has the rate for itself: how many there are at once, nobody knows here.
        if (limit.kind !== "rate" || limit.key) continue;
        const all = [
          ...facts.shares.filter((share) => share.limit.name === limit.name),
          shareOf(facts, limit),
        ];
        const starts = all.reduce((sum, share) => sum + share.starts, 0);
        const room = limitRoom(limit);
        if (starts <= room) continue;
        const sum = all.map((share) => `${share.consumer} ${share.starts}`).join(" + ");
        return `limit ${limit.meaning} holds ${room} starts in its horizon, and up to ${starts} are asked for at once (concurrency × batchSize: ${sum})`;
      }
      return undefined;
    },
  },
  {
    id: "limit-timeout",
    reason: "invocations would run out of time while they wait for their starts",
    fix: "raise timeout, or lower the limit's horizonMs",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    check: ({ limits, timeout }) => {
      const slow = limits.find(
        (limit) => limit.kind === "rate" && limit.horizonMs * 2 > timeout.toMilliseconds(),
      );
      return slow
        ? `timeout is ${timeout.toSeconds()} s, and limit ${slow.meaning}; at least twice its horizon is needed`
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

/** What one consumer may ask of a limit at one time. */
export function shareOf(
  { consumer, maximum, reserved, batchSize }: ConsumerFacts,
  limit: LimitShare["limit"],
): LimitShare {
  return { limit, consumer, starts: (reserved ?? maximum ?? 1) * batchSize };
}
