import { systemClock } from "../../src/clock.ts";
import { type RelaySettings, readJobSettings } from "../../src/env.ts";
import { dynamoOutbox, outboxTable, relay } from "../../src/outbox/index.ts";
import { snsTopics, type TopicPort } from "../../src/publish/index.ts";
import { variable } from "../frame/variable.ts";
import { atCrashPoint } from "./crash-point.ts";
import { rowsBetweenVariable } from "./names.ts";

/** Where a relay is told to stop: before it publishes, when it has, when it has removed the rows as well. */
const points = ["before-publish", "published", "removed"] as const;

const settings = readJobSettings<RelaySettings>();
const between = Number(variable(rowsBetweenVariable));
const store = dynamoOutbox({ table: outboxTable(settings) });
const topics = snsTopics({ region: settings.region });
/** One crash point for each process: after so many rows, and where. */
const next = {
  after: between * (0.25 + 1.5 * systemClock.random()),
  point: points[Math.floor(systemClock.random() * points.length)],
};
let rows = 0;

const reach = async (point: (typeof points)[number]) => {
  if (between === 0 || rows < next.after || next.point !== point) return;
  next.after = Number.POSITIVE_INFINITY;
  await atCrashPoint(point);
};

const crashingTopics: TopicPort = {
  async publishBatch(topicArn, messages) {
    await reach("before-publish");
    const results = await topics.publishBatch(topicArn, messages);
    rows += messages.length;
    await reach("published");
    return results;
  },
};

/** The relay of the bus, which says where it is. */
export const handler = relay(settings, {
  topics: crashingTopics,
  store: {
    ...store,
    async remove(places) {
      await store.remove(places);
      await reach("removed");
    },
  },
});
