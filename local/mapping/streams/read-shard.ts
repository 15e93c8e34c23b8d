import type { Clock } from "../../../src/clock.ts";
import { lambda } from "../../../src/limits-of-aws.ts";
import type { EventFilter } from "../event-filter.ts";
import { createLane, type Lane } from "./lane.ts";
import { createProgress } from "./progress.ts";
import type { StreamMappingSpec } from "./stream-mapping-spec.ts";
import type { StreamPoller } from "./stream-poller.ts";
import { entryOf, lambdaRecord, type StreamEntry } from "./stream-record.ts";

/** What `readShard` takes. */
export interface ShardOptions {
  readonly spec: StreamMappingSpec;
  readonly poller: StreamPoller;
  readonly shardId: string;
  /** Where to begin. */
  readonly position: string;
  readonly filter: EventFilter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Handles a batch, and calls `settle` for what is decided on. */
  readonly handle: (
    batch: readonly StreamEntry[],
    settle: (entries: readonly StreamEntry[]) => void,
  ) => Promise<void>;
  /** All up to here is decided on. */
  readonly onReached: (position: string) => void;
  readonly onRead: (counts: { received: number; filtered: number }) => void;
  /** The shard had nothing more when it was looked at; `undefined`: it had. */
  readonly onQuiet: (lookedMs: number | undefined) => void;
}

/**
 * Reads one shard and has its records handled, in order: all of them one batch after the other, or, with a
 * parallelization factor, in so many lanes, the changes of one item always in the same. Reads on while there is room for
 * it. Answers whether the shard is closed and all of it decided on; `false` when `signal` ended it.
 */
export async function readShard(options: ShardOptions): Promise<boolean> {
  const { spec, poller, shardId, filter, clock, signal, onRead, onQuiet } = options;
  const progress = createProgress<StreamEntry>(options.onReached);
  let room = () => {};
  const lanes = Array.from({ length: spec.parallelizationFactor }, () => createLane(clock, () => room()));
  const work = lanes.map((lane) => runLane(lane, options, progress.settle));

  const hasRoom = () => {
    const size = lanes.reduce((sum, lane) => sum + lane.size, 0);
    const bytes = lanes.reduce((sum, lane) => sum + lane.bytes, 0);
    return size < spec.batchSize * lanes.length && bytes < lambda.invokePayloadBytes * lanes.length;
  };
  const untilRoom = () =>
    new Promise<void>((resolve) => {
      room = () => {
        signal.removeEventListener("abort", room);
        resolve();
      };
      signal.addEventListener("abort", room, { once: true });
    });

  let position: string | undefined = options.position;
  while (position !== undefined && !signal.aborted) {
    while (!hasRoom() && !signal.aborted) await untilRoom();
    const page = await poller.next(shardId, position, { signal, onQuiet });
    if (page === undefined) break;
    onQuiet(undefined);
    let filtered = 0;
    for (const record of page.records) {
      const seen = lambdaRecord(record, spec.streamArn);
      const entry = entryOf(record, seen, poller.stream.positionAfter(record));
      progress.add(entry);
      if (filter(seen)) laneOf(lanes, entry).push(entry);
      else {
        filtered++;
        progress.settle([entry]);
      }
    }
    onRead({ received: page.records.length, filtered });
    position = page.next;
  }
  for (const lane of lanes) lane.close();
  await Promise.all(work);
  return position === undefined && progress.open === 0;
}

async function runLane(
  lane: Lane,
  { spec, handle, signal }: ShardOptions,
  settle: (entries: readonly StreamEntry[]) => void,
): Promise<void> {
  for (;;) {
    const batch = await lane.next(spec, signal);
    if (batch === undefined) return;
    await handle(batch, settle);
  }
}

function laneOf(lanes: readonly Lane[], { record }: StreamEntry): Lane {
  let hash = 0;
  if (lanes.length > 1) {
    const keys = Object.entries(record.dynamodb.Keys).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const byte of Buffer.from(JSON.stringify(keys))) hash = (Math.imul(hash, 31) + byte) | 0;
  }
  return lanes[Math.abs(hash % lanes.length)] as Lane;
}
