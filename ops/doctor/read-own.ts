import {
  archiveBucketName,
  archiveDeadLetterQueueName,
  archiveQueueName,
  archiveUndeliveredQueueName,
  delayedDeadLetterQueueName,
  delayedQueueName,
  type JobName,
  jobFunctionName,
} from "../../src/names.ts";
import type { ArchiveFacts, BusFacts, CloudReads, DelayFacts, JobFacts, Read } from "./facts.ts";

/** What calls each of a bus's own functions. */
const callers: Readonly<Record<JobName, readonly ("mapping" | "schedule")[]>> = {
  governor: ["mapping", "schedule"],
  archiver: ["mapping"],
  journaler: ["mapping"],
  sealer: ["schedule"],
  reconciler: ["schedule"],
  relay: ["mapping", "schedule"],
  delayer: ["mapping"],
  replayer: [],
};

/** Reads a bus's own functions, its archive and its delay, which stand where its topics do; `undefined`: those are not here. */
export async function readOwn(
  reads: CloudReads,
  bus: string,
  topics: Read<readonly string[]>,
): Promise<BusFacts["own"]> {
  const [topic] = "found" in topics ? topics.found : [];
  if (topic === undefined) return undefined;
  const [, , , region = "", account = ""] = topic.split(":");
  const [archive, delay, ...jobs] = await Promise.all([
    readArchive(reads, bus, archiveBucketName(bus, account, region)),
    readDelay(reads, bus),
    ...(Object.keys(callers) as JobName[]).map((job) => readJob(reads, bus, job)),
  ]);
  return { jobs, archive, delay };
}

async function readJob(reads: CloudReads, bus: string, job: JobName): Promise<JobFacts> {
  const name = jobFunctionName(bus, job);
  const [found, mappings, schedule] = await Promise.all([
    reads.functionState(name),
    callers[job].includes("mapping") ? reads.mappings(name) : undefined,
    callers[job].includes("schedule") ? reads.schedule(name) : undefined,
  ]);
  return { job, function: found, mappings, schedule };
}

async function readArchive(reads: CloudReads, bus: string, bucketName: string): Promise<ArchiveFacts> {
  const name = archiveQueueName(bus);
  const [queue, deadLetters, undelivered, bucket] = await Promise.all([
    reads.queue(name),
    reads.queue(archiveDeadLetterQueueName(bus)),
    reads.queue(archiveUndeliveredQueueName(bus)),
    reads.bucket(bucketName),
  ]);
  const oldestSeconds = "found" in queue ? await reads.oldestSeconds(name) : undefined;
  return { queue, deadLetters, undelivered, oldestSeconds, bucket };
}

async function readDelay(reads: CloudReads, bus: string): Promise<DelayFacts> {
  const [queue, deadLetters] = await Promise.all([
    reads.queue(delayedQueueName(bus)),
    reads.queue(delayedDeadLetterQueueName(bus)),
  ]);
  return { queue, deadLetters };
}
