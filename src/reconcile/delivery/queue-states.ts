import {
  archiveDeadLetterQueueName,
  archiveQueueName,
  archiveUndeliveredQueueName,
  deadLetterQueueName,
  queueName,
  undeliveredQueueName,
} from "../../names.ts";
import { frontMs } from "../sealed/front.ts";
import { isOf } from "../sources/journal-source.ts";
import type { Books, DeliveryParts } from "./delivery-parts.ts";
import type { KnownConsumer } from "./known-consumer.ts";
import type { BusSight, MessageCounts } from "./ports.ts";
import {
  anyOf,
  type QueueState,
  type Waiting,
  waitsInBulkFromMs,
  waitsInQueue,
  waitsParked,
} from "./waiting.ts";

/** What waits before one side, and what lies aside. */
export interface Backlog {
  /** Why an event of some time may still come. */
  readonly waiting: Waiting;
  /** So much waits that nothing can be said about what is of this effective time or later; and why. */
  readonly bulk: { readonly fromMs: number; readonly why: string } | undefined;
  /** Queues that hold messages for a person to look at, with their numbers. */
  readonly aside: readonly string[];
}

/** What waits for a consumer. */
export async function consumerBacklog(
  { settings: { bus }, sight, parked }: Pick<DeliveryParts, "settings" | "sight" | "parked">,
  books: Books,
  { consumer, fifo, parks }: KnownConsumer,
  slackMs: number,
): Promise<Backlog> {
  const queue = queueName(bus, consumer, fifo);
  const [counts, aside, front, groups] = await Promise.all([
    countsOf(sight, queue),
    asideOf(sight, [deadLetterQueueName(bus, consumer, fifo), undeliveredQueueName(bus, consumer, fifo)]),
    frontMs(books.journal, (set) => isOf(set, consumer)),
    parks && parked ? parkedOf(parked, consumer) : undefined,
  ]);
  const state = { queue, counts, frontMs: front, slackMs };
  return {
    waiting: anyOf(waitsInQueue(state), waitsParked(consumer, groups, slackMs)),
    bulk: bulkOf(state),
    aside,
  };
}

/** What waits for the archive: messages in its queue, and what is not sealed. */
export async function archiveBacklog(
  { settings: { bus }, sight }: Pick<DeliveryParts, "settings" | "sight">,
  { archive }: Books,
  slackMs: number,
): Promise<Backlog> {
  const queue = archiveQueueName(bus);
  const nowMs = archive.segments.clock.nowMs();
  const [counts, aside, front, unsealedMs] = await Promise.all([
    countsOf(sight, queue),
    asideOf(sight, [archiveDeadLetterQueueName(bus), archiveUndeliveredQueueName(bus)]),
    frontMs(archive, () => true),
    archive.unsealedFromMs(nowMs),
  ]);
  const state = { queue, counts, frontMs: front, slackMs };
  const unsealed: Waiting = (timeMs) =>
    unsealedMs === undefined || (front !== undefined && timeMs + slackMs < front)
      ? undefined
      : `it may be in the archive's span of ${new Date(unsealedMs).toISOString()}, which is not sealed yet`;
  return { waiting: anyOf(waitsInQueue(state), unsealed), bulk: bulkOf(state), aside };
}

function bulkOf(state: QueueState): Backlog["bulk"] {
  const fromMs = waitsInBulkFromMs(state);
  if (fromMs === undefined) return undefined;
  const visible = (state.counts as MessageCounts).visible.toLocaleString("en-US");
  const far =
    state.frontMs === undefined ? "" : `, and what is done ends at ${new Date(state.frontMs).toISOString()}`;
  return {
    fromMs,
    why: `${visible} messages wait in ${state.queue}${far}: nothing later is judged until they are done`,
  };
}

async function countsOf(sight: BusSight, queue: string): Promise<MessageCounts | "unknown" | undefined> {
  return sight.messages(queue).catch(() => "unknown" as const);
}

async function asideOf(sight: BusSight, queues: readonly string[]): Promise<readonly string[]> {
  const counts = await Promise.all(queues.map((queue) => countsOf(sight, queue)));
  return queues.flatMap((queue, index) => {
    const found = counts[index];
    if (found === undefined || found === "unknown") return [];
    const messages = found.visible + found.hidden;
    return messages === 0 ? [] : [`${messages} in ${queue}`];
  });
}

async function parkedOf(parked: NonNullable<DeliveryParts["parked"]>, consumer: string) {
  let groups = 0;
  let oldestMs = Number.POSITIVE_INFINITY;
  let cursor: string | undefined;
  do {
    const page = await parked.list(consumer, cursor);
    groups += page.groups.length;
    for (const { sinceMs } of page.groups) oldestMs = Math.min(oldestMs, sinceMs);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return groups === 0 ? undefined : { groups, oldestMs };
}
