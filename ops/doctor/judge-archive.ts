import type { JobName } from "../../src/names.ts";
import type { ArchiveFacts, BusFacts, QueueFacts, Read } from "./facts.ts";
import { type Finding, fail, ok, redeployBus, unseen, warn } from "./finding.ts";

/** A batch is kept within seconds: what waits for so long is not being kept. */
const patienceSeconds = 15 * 60;

/** The functions that a bus has for its archive alone. */
const keepers: readonly JobName[] = ["archiver", "journaler", "sealer"];

/** Whether a bus keeps what is published: any part of it that is there, or may not be looked at, says so. */
export function hasArchive({
  jobs,
  archive,
}: Pick<NonNullable<BusFacts["own"]>, "jobs" | "archive">): boolean {
  const parts = [
    archive.queue,
    archive.bucket,
    ...jobs.filter(({ job }) => keepers.includes(job)).map((one) => one.function),
  ];
  return parts.some((part) => !("missing" in part));
}

/** The archive: its bucket is there, nothing waits for long on the way to it, and nothing has died there. */
export function judgeArchive(bus: string, own: NonNullable<BusFacts["own"]>): readonly Finding[] {
  const { archive } = own;
  if (!hasArchive(own)) return [ok("archive", `bus ${bus} keeps no archive`)];
  return [
    judgeBucket(bus, archive.bucket),
    judgeQueue(bus, archive),
    ...judgeSide(bus, archive.deadLetters, "could not be kept", "read the archiver's log"),
    ...judgeSide(bus, archive.undelivered, "SNS could not deliver", "look at the queue's policy and key"),
  ];
}

function judgeBucket(bus: string, bucket: Read<string>): Finding {
  if ("denied" in bucket) return unseen("archive", `bucket of bus ${bus}`, bucket.denied);
  if ("found" in bucket) return ok("archive", `${bucket.found} is there`);
  return fail("archive", `bus ${bus}: the bucket of its archive is gone: nothing can be kept`, redeployBus);
}

function judgeQueue(bus: string, { queue, oldestSeconds = 0 }: ArchiveFacts): Finding {
  if ("denied" in queue) return unseen("archive", `archive's queue of bus ${bus}`, queue.denied);
  if ("missing" in queue) {
    return fail("archive", `bus ${bus}: the queue of its archive is gone: nothing is kept`, redeployBus);
  }
  const { name, waiting, inFlight, retentionSeconds } = queue.found;
  const text = `${name}: ${waiting} waiting, ${inFlight} in flight`;
  if (waiting + inFlight === 0 || oldestSeconds <= patienceSeconds) return ok("archive", text);
  return warn(
    "archive",
    `${text}, the oldest for ${Math.round(oldestSeconds / 60)} min: what has waited ${Math.round(retentionSeconds / 86_400)} days is gone`,
    "look at what is said of the archiver, and at its log",
  );
}

function judgeSide(bus: string, side: Read<QueueFacts>, what: string, fix: string): readonly Finding[] {
  if ("denied" in side) return [unseen("archive", `archive's dead letters of bus ${bus}`, side.denied)];
  if ("missing" in side) {
    const lost = `what ${what} is lost`;
    return [fail("archive", `bus ${bus}: a dead-letter queue of its archive is gone: ${lost}`, redeployBus)];
  }
  const { name, waiting, inFlight } = side.found;
  if (waiting + inFlight === 0) return [];
  return [
    warn(
      "archive",
      `${name}: ${waiting + inFlight} messages that ${what}: they are in no archive`,
      `${fix}, then send them on`,
    ),
  ];
}
