import type { LocalCloud } from "../../local/cloud/index.ts";
import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import { archiveQueueName } from "../../src/names.ts";
import { StalledError } from "../frame/index.ts";
import { bus } from "./consumers.ts";

const lookMs = 250;

/**
 * Waits until all that was published until now is archived, and all that was completed is in the journal: the archive's
 * queue is empty, and every table's stream is read. Throws `StalledError` when that takes longer than `patienceMs`.
 */
export async function waitUntilKept({
  cloud,
  signal,
  patienceMs = 120_000,
  clock = systemClock,
}: {
  readonly cloud: Pick<LocalCloud, "queues" | "streamMappings">;
  readonly signal: AbortSignal;
  readonly patienceMs?: number;
  readonly clock?: Clock;
}): Promise<void> {
  const beganMs = clock.nowMs();
  while (!signal.aborted) {
    const queue = (await cloud.queues()).find(({ name }) => name === archiveQueueName(bus));
    const waiting = queue ? queue.visible + queue.inFlight + queue.delayed : 0;
    const unread = cloud.streamMappings().filter((stream) => !stream.caughtUp(beganMs));
    if (waiting === 0 && unread.length === 0) return;
    if (clock.nowMs() - beganMs >= patienceMs) {
      throw new StalledError(
        `nothing more is archived: ${waiting} messages wait in ${archiveQueueName(bus)}, and ${unread.map(({ spec }) => spec.functionName).join(", ") || "nobody"} has not read its stream to the end`,
      );
    }
    await sleep(clock, lookMs, signal);
  }
}
