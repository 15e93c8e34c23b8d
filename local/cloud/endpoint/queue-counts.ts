import type { Clock } from "../../../src/clock.ts";

/** What is counted of queues over time; SQS itself tells depths alone. */
export interface QueueCounts {
  sent(queueName: string, messages: number): void;
  deleted(queueName: string, messages: number): void;
  /** Messages of the last `keptSeconds`, the second that runs left out. */
  lately(queueName: string): { readonly sent: number; readonly deleted: number };
}

/** A minute: what CloudWatch sums up SQS by. */
export const keptSeconds = 60;

interface Second {
  readonly at: number;
  sent: number;
  deleted: number;
}

/** Counts by the second, and forgets what is older than a minute. */
export function createQueueCounts(clock: Clock): QueueCounts {
  const queues = new Map<string, Second[]>();
  const nowSecond = () => Math.floor(clock.nowMs() / 1_000);
  const current = (queueName: string): Second => {
    const seconds = queues.get(queueName) ?? [];
    queues.set(queueName, seconds);
    const at = nowSecond();
    const last = seconds.at(-1);
    if (last?.at === at) return last;
    while ((seconds[0]?.at ?? at) < at - keptSeconds) seconds.shift();
    const next = { at, sent: 0, deleted: 0 };
    seconds.push(next);
    return next;
  };
  return {
    sent(queueName, messages) {
      current(queueName).sent += messages;
    },
    deleted(queueName, messages) {
      current(queueName).deleted += messages;
    },
    lately(queueName) {
      const now = nowSecond();
      const seconds = (queues.get(queueName) ?? []).filter(({ at }) => at < now && at >= now - keptSeconds);
      return {
        sent: seconds.reduce((sum, one) => sum + one.sent, 0),
        deleted: seconds.reduce((sum, one) => sum + one.deleted, 0),
      };
    },
  };
}
