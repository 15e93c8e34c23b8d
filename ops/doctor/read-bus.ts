import { type ConsumerSettings, readSettings, settingsVariable } from "../../src/env.ts";
import {
  deadLetterQueueName,
  jobsTableName,
  ledgerTableName,
  limitsTableName,
  parkedTableName,
  queueName,
  undeliveredQueueName,
} from "../../src/names.ts";
import type { BusFacts, CloudReads, ConsumerFacts, FunctionFacts, Read, SubscriptionFacts } from "./facts.ts";
import { readOutbox } from "./read-outbox.ts";
import { readOwn } from "./read-own.ts";

/** A function's settings; `undefined` when they cannot be read. */
export function settingsOf({ settings }: FunctionFacts): ConsumerSettings | undefined {
  try {
    return readSettings({ [settingsVariable]: settings });
  } catch {
    return undefined;
  }
}

/** Reads all that belongs to one bus: its name tells every other one. `functions` are the consumers found. */
export async function readBus(
  reads: CloudReads,
  bus: string,
  functions: readonly FunctionFacts[],
): Promise<BusFacts> {
  const consumers = functions.filter((one) => settingsOf(one)?.bus === bus);
  const [topics, ledger, limits, jobs, parked, outbox, ...facts] = await Promise.all([
    reads.topics(`${bus}-`),
    reads.table(ledgerTableName(bus)),
    reads.table(limitsTableName(bus)),
    reads.table(jobsTableName(bus)),
    reads.table(parkedTableName(bus)),
    readOutbox(reads, bus),
    ...consumers.map((one) => readConsumer(reads, one)),
  ]);
  const [subscriptions, own] = await Promise.all([
    readSubscriptions(reads, topics),
    readOwn(reads, bus, topics),
  ]);
  return {
    bus,
    consumers: facts,
    topics,
    ledger,
    limits,
    jobs,
    parked,
    outbox,
    subscriptions,
    own,
  };
}

async function readConsumer(reads: CloudReads, fn: FunctionFacts): Promise<ConsumerFacts> {
  const own = settingsOf(fn);
  const { bus, consumer, fifo } = own ?? { bus: "", consumer: fn.name, fifo: false };
  const [queue, deadLetters, undelivered, mappings, schedule] = await Promise.all([
    reads.queue(queueName(bus, consumer, fifo)),
    reads.queue(deadLetterQueueName(bus, consumer, fifo)),
    reads.queue(undeliveredQueueName(bus, consumer, fifo)),
    reads.mappings(fn.name),
    own?.drain ? reads.schedule(fn.name) : undefined,
  ]);
  return { function: fn, queue, deadLetters, undelivered, mappings, schedule };
}

async function readSubscriptions(
  reads: CloudReads,
  topics: Read<readonly string[]>,
): Promise<Read<readonly SubscriptionFacts[]>> {
  if (!("found" in topics)) return topics;
  const all = await Promise.all(topics.found.map((topic) => reads.subscriptions(topic)));
  const shut = all.find((read) => "denied" in read);
  return shut ?? { found: all.flatMap((read) => ("found" in read ? read.found : [])) };
}
