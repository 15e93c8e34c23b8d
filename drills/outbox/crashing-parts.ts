import { systemClock } from "../../src/clock.ts";
import type { RelaySettings } from "../../src/env.ts";
import { dynamoOutbox, type OutboxStore, outboxTable } from "../../src/outbox/index.ts";
import { snsTopics, type TopicPort } from "../../src/publish/index.ts";
import { atCrashPoint } from "./crash-point.ts";

/** Where a relay is told to stop: before it publishes, when it has, when it has removed the rows as well. */
const points = ["before-publish", "published", "removed"] as const;

/**
 * What the relay of a bus works with, which says where it is: one crash point for each process, after `rowsBetween` rows on average;
 * 0: none.
 */
export function crashingParts(
  settings: RelaySettings,
  rowsBetween: number,
): { readonly store: OutboxStore; readonly topics: TopicPort } {
  const store = dynamoOutbox({ table: outboxTable(settings) });
  const topics = snsTopics({ region: settings.region });
  const next = {
    after: rowsBetween * (0.25 + 1.5 * systemClock.random()),
    point: points[Math.floor(systemClock.random() * points.length)],
  };
  let rows = 0;
  const reach = async (point: (typeof points)[number]) => {
    if (rowsBetween === 0 || rows < next.after || next.point !== point) return;
    next.after = Number.POSITIVE_INFINITY;
    await atCrashPoint(point);
  };
  return {
    topics: {
      async publishBatch(topicArn, messages) {
        await reach("before-publish");
        const results = await topics.publishBatch(topicArn, messages);
        rows += messages.length;
        await reach("published");
        return results;
      },
    },
    store: {
      ...store,
      async remove(places) {
        await store.remove(places);
        await reach("removed");
      },
      async settle(key, owner, step) {
        const isOurs = await store.settle(key, owner, step);
        await reach("removed");
        return isOurs;
      },
    },
  };
}
