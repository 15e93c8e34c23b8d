import { checkBus, checkConsumer, checkTopic, suffixes, withFifo } from "./name-rules.ts";
import type { OutboxAlarm } from "./outbox-keys.ts";

export { busNamePattern, consumerNamePattern, isFifo, topicNamePattern } from "./name-rules.ts";
export {
  type OutboxAlarm,
  outboxAlarms,
  outboxKeyAttribute,
  outboxKeys,
  outboxPatienceMs,
  outboxPrefixPattern,
  outboxSortAttribute,
} from "./outbox-keys.ts";

/*
 * Every physical name, computed from the bus: no registry is needed to find anything, from any language,
 * account or region. Names are the manifest.
 */

/** `{bus}-{topic}`, for example `shop-orders` or `shop-orders.fifo`. */
export function topicName(bus: string, topic: string): string {
  return `${checkBus(bus)}-${checkTopic(topic)}`;
}

/** `{bus}-{consumer}`; an ordered one ends in `.fifo`. */
export function queueName(bus: string, consumer: string, fifo = false): string {
  return withFifo(functionName(bus, consumer), fifo);
}

/** `{bus}-{consumer}-dead`: what was received and could not be handled. */
export function deadLetterQueueName(bus: string, consumer: string, fifo = false): string {
  return withFifo(functionName(bus, consumer) + suffixes.dead, fifo);
}

/** `{bus}-{consumer}-undelivered`: what SNS could not hand to the queue. */
export function undeliveredQueueName(bus: string, consumer: string, fifo = false): string {
  return withFifo(functionName(bus, consumer) + suffixes.undelivered, fifo);
}

/** `{bus}-{consumer}`: the function. */
export function functionName(bus: string, consumer: string): string {
  return `${checkBus(bus)}-${checkConsumer(consumer)}`;
}

/** `{bus}-ledger`: what each consumer has claimed and done. */
export function ledgerTableName(bus: string): string {
  return `${checkBus(bus)}-ledger`;
}

/** `{bus}-limits`: when the next slot of each rate may start, and what is spent of each quota. */
export function limitsTableName(bus: string): string {
  return `${checkBus(bus)}-limits`;
}

/** `{bus}-parked`: which ordered groups wait behind a poison message, and what waits there. */
export function parkedTableName(bus: string): string {
  return `${checkBus(bus)}-parked`;
}

/** The parked table's partition and sort key, both strings: what `lib/` creates and the adapter writes. */
export const parkedKeyAttribute = "pk";
export const parkedSortAttribute = "sk";

/** `{bus}-outbox`: events that wait to be published, written in their writers' own transactions. */
export function outboxTableName(bus: string): string {
  return `${checkBus(bus)}-outbox`;
}

/** `{bus}-outbox-oldest` and the like: what tells people that something stands in an outbox. */
export function outboxAlarmName(bus: string, alarm: OutboxAlarm): string {
  return `${outboxTableName(bus)}-${alarm}`;
}

/**
 * `{bus}-jobs`: who does each job, and how far it is: what consumers are held by, leases of seals, progress of
 * reconciliations and replays, open differences, sealed digests of tables.
 */
export function jobsTableName(bus: string): string {
  return `${checkBus(bus)}-jobs`;
}

/** The jobs table's partition and sort key, both strings, and its expiry (epoch seconds). */
export const jobsKeyAttribute = "pk";
export const jobsSortAttribute = "sk";
export const jobsExpiryAttribute = "expires";

/** The partition of what holds a consumer: each consumer may be let at its own alone. */
export function holdKey(consumer: string): string {
  return `hold#${consumer}`;
}

/** The partition of a lease: each job may be let at its own alone. */
export function leaseKey(name: string): string {
  return `lease#${name}`;
}

/** The lease of a consumer that is drained by a schedule: one run at a time. */
export function drainLease(consumer: string): string {
  return `drain#${consumer}`;
}

/** `{bus}-archive-{account}-{region}`: the bucket of all that was published and all that was completed. */
export function archiveBucketName(bus: string, account: string, region: string): string {
  return `${archiveQueueName(bus)}-${account}-${region}`;
}

/** `{bus}-claims-{account}-{region}`: the bucket of data that was too large for a message. */
export function claimsBucketName(bus: string, account: string, region: string): string {
  return `${checkBus(bus)}-claims-${account}-${region}`;
}

/** What every claim's key begins with. */
export const claimsPrefix = "claims/";

/** `{bus}-delayed`: the queue in which delayed events wait. */
export function delayedQueueName(bus: string): string {
  return `${checkBus(bus)}-delayed`;
}

/** `{bus}-delayed-dead`: what could not be passed on, over and over. */
export function delayedDeadLetterQueueName(bus: string): string {
  return delayedQueueName(bus) + suffixes.dead;
}

/** `{bus}-delayed-{key}`: the schedule of an event that waits for longer than a queue holds it; 61 of 64 characters at most. */
export function delayScheduleName(bus: string, key: string): string {
  return `${delayedQueueName(bus)}-${key}`;
}

/** The partition of what is decided about a delayed event. */
export function delayKey(key: string): string {
  return `delayed#${key}`;
}

/** `{bus}-archive`: the queue that every topic reaches; never an ordered one. */
export function archiveQueueName(bus: string): string {
  return `${checkBus(bus)}-archive`;
}

/** `{bus}-archive-dead`: what the archiver was handed over and over, and could not keep. */
export function archiveDeadLetterQueueName(bus: string): string {
  return archiveQueueName(bus) + suffixes.dead;
}

/** `{bus}-archive-undelivered`: what SNS could not hand to the archive's queue. */
export function archiveUndeliveredQueueName(bus: string): string {
  return archiveQueueName(bus) + suffixes.undelivered;
}

/** `omnibus_{bus}`: the database in which Athena finds the tables `archive` and `journal`. */
export function archiveDatabaseName(bus: string): string {
  return `omnibus_${checkBus(bus)}`;
}

/** `{bus}-jobs-dead`: calls of a bus's own functions that could not be made. */
export function jobsDeadLetterQueueName(bus: string): string {
  return jobsTableName(bus) + suffixes.dead;
}

/** `{bus}-{job}`: the function of a reconciliation, for example `shop-Transfers`. Consumers are called so, too. */
export function reconcilerName(bus: string, job: string): string {
  return consumerOfJob(job) === undefined ? functionName(bus, job) : jobFunctionName(bus, "reconciler");
}

/** `{bus}-{job}-windows`: parts of a reconciliation that wait to be compared. */
export function windowsQueueName(bus: string, job: string): string {
  return reconcilerName(bus, job) + suffixes.windows;
}

/** `{bus}-{job}-windows-dead`: parts that were begun over and over. */
export function windowsDeadLetterQueueName(bus: string, job: string): string {
  return windowsQueueName(bus, job) + suffixes.dead;
}

/** `{bus}-{job}-undelivered`: runs that could not be started, or failed. */
export function unscheduledQueueName(bus: string, job: string): string {
  return reconcilerName(bus, job) + suffixes.undelivered;
}

/** What a reconciliation keeps its things under in the jobs table: partition keys, of a job or of a source's digests. */
export const reconcileKeys = {
  /** Progress and lease of a job, or of a part of it. */
  state: (job: string) => `job#${job}`,
  open: (job: string) => `open#${job}`,
  /** Markers of repairs. */
  repair: (job: string) => `repair#${job}`,
  /** Keys that somebody is repairing. */
  begun: (job: string) => `begun#${job}`,
  /** Whether repairs go on by themselves. */
  repairs: (job: string) => `repairs#${job}`,
  audit: (job: string) => `audit#${job}`,
  sealed: (source: string) => `sealed#${source}`,
} as const;

/** The partition of the jobs table that has a bus's replays. */
export const replaysKey = "replay";

/** The partition of the parts of one, where a fleet runs it. */
export function replayPartsKey(replay: string): string {
  return `replay#${replay}`;
}

/** What the reconciliation of delivery knows of consumers: its partition of the jobs table. */
export const deliveryKey = "delivery";

/** The bus's own reconciliation, of what was published with what was handled: all of it, in reports and metrics. */
export const deliveryJob = "delivery";

const deliveryPrefix = `${deliveryJob}-`;

/** `delivery-{consumer}`: the same for one consumer. One function runs them all, `{bus}-reconciler`. */
export function deliveryJobOf(consumer: string): string {
  return deliveryPrefix + consumer;
}

/** The consumer of such a job; `undefined`: it is another one. */
export function consumerOfJob(job: string): string | undefined {
  return job.startsWith(deliveryPrefix) ? job.slice(deliveryPrefix.length) : undefined;
}

/** The functions of a bus that are no consumers. */
export type JobName =
  | "governor"
  | "archiver"
  | "journaler"
  | "sealer"
  | "reconciler"
  | "relay"
  | "delayer"
  | "replayer";

/** `{bus}-{job}`, for example `shop-archiver`. */
export function jobFunctionName(bus: string, job: JobName): string {
  return `${checkBus(bus)}-${job}`;
}

/** The limits table's key and its expiry (epoch seconds). */
export const limitKeyAttribute = "pk";
export const limitExpiryAttribute = "expires";

/** The ledger table's key and its expiry (epoch seconds): what `lib/` creates and the adapter writes. */
export const ledgerKeyAttribute = "pk";
export const ledgerExpiryAttribute = "expires";

/** The ARN of a topic, from its names alone. `partition` is `aws` unless the region is in another. */
export function topicArn(at: {
  bus: string;
  topic: string;
  region: string;
  account: string;
  partition?: string;
}): string {
  const partition = at.partition ?? partitionOf(at.region);
  return `arn:${partition}:sns:${at.region}:${at.account}:${topicName(at.bus, at.topic)}`;
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return "aws";
}

/**
 * The CDK context by which a synth for the local cloud is told of a folder in which bundles are kept. A deployment knows no
 * such folder: what it brings to AWS is always bundled anew.
 */
export const keptBundlesContext = "omnibus:kept-bundles";
