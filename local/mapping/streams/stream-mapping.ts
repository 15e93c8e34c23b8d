import { sleep, systemClock } from "../../../src/clock.ts";
import { describeError } from "../../../src/errors.ts";
import { createBackoff } from "../backoff.ts";
import { compileFilters } from "../event-filter.ts";
import { handleBatch } from "./handle-batch.ts";
import type { PositionStore } from "./ports.ts";
import { readShard } from "./read-shard.ts";
import type { StreamMapping, StreamMappingPorts } from "./running-stream-mapping.ts";
import { sendDiscarded } from "./send-discarded.ts";
import { positionKey, shardEnd, shardsToRead } from "./shards-to-read.ts";
import { checkStreamMappingSpec, type StreamMappingSpec } from "./stream-mapping-spec.ts";
import type { StreamEntry } from "./stream-record.ts";

const listingPauses = { firstMs: 200, maxMs: 20_000 };

/**
 * Starts Lambda's reader of a stream. Each shard is read in order, children after their parents; a batch that fails holds
 * its shard until it is handled or given up. (with-ddb) The position behind all that is decided on is kept, and a mapping
 * that starts again goes on from there.
 */
export function startStreamMapping(given: StreamMappingSpec, ports: StreamMappingPorts): StreamMapping {
  const { poller, functions, clock = systemClock, onEvent = () => {}, destination } = ports;
  const positions: PositionStore = ports.positions ?? new Map<string, string>();
  let spec = checkStreamMappingSpec(given);
  let stopped = false;
  /** Of what runs now; ended by each change, and begun anew. */
  let end = new AbortController();
  const stats = {
    received: 0,
    filtered: 0,
    handled: 0,
    discarded: 0,
    throttled: 0,
    invocations: 0,
    inFlight: 0,
  };
  /** Shards that are read now, and when each was seen to have nothing more. */
  const reading = new Map<string, number | undefined>();
  let isListed = false;
  const runs = new Set<Promise<void>>();

  const heard: typeof onEvent = (event) => {
    if (event.type === "throttled") stats.throttled++;
    if (event.type === "batch") stats.invocations++;
    onEvent(event);
  };

  const readOne = async (
    shardId: string,
    position: string,
    settings: StreamMappingSpec,
    signal: AbortSignal,
  ) => {
    reading.set(shardId, undefined);
    let open = 0;
    const add = (count: number) => {
      open += count;
      stats.inFlight += count;
    };
    const handle = (batch: readonly StreamEntry[], settle: (entries: readonly StreamEntry[]) => void) =>
      handleBatch(batch, {
        ...{ spec: settings, functions, clock, signal, onEvent: heard },
        onHandled: (entries) => {
          stats.handled += entries.length;
          add(-entries.length);
          settle(entries);
        },
        discard: async (discarded) => {
          const { entries, condition } = discarded;
          const { length: records } = entries;
          const error = await sendDiscarded(discarded, settings, { shardId, destination, clock, signal });
          if (error !== undefined) onEvent({ type: "destination-failed", records, error });
          stats.discarded += records;
          onEvent({ type: "discarded", records, condition });
          add(-entries.length);
          settle(entries);
        },
      });
    const isReadOut = await readShard({
      ...{ spec: settings, poller, shardId, position, clock, signal, handle },
      filter: compileFilters(settings.filters),
      onReached: (reached) => positions.set(positionKey(settings, shardId), reached),
      onRead: ({ received, filtered }) => {
        stats.received += received;
        stats.filtered += filtered;
        add(received - filtered);
      },
      onQuiet: (lookedMs) => reading.set(shardId, lookedMs),
    }).finally(() => {
      // What was read and is left is read again.
      add(-open);
      reading.delete(shardId);
    });
    if (isReadOut) positions.set(positionKey(settings, shardId), shardEnd);
  };

  const failed = (error: unknown) => onEvent({ type: "stream-failed", error: describeError(error).message });

  /** Reads all shards there are, and their children after them, until `signal` ends it. */
  const run = async (settings: StreamMappingSpec, signal: AbortSignal) => {
    const backoff = createBackoff(clock, listingPauses);
    const work = new Set<Promise<void>>();
    /** The children of a shard may be seen a little later than its end, while others are read. */
    let looksOut = false;
    const read = (shardId: string, position: string) => {
      backoff.reset();
      const one = readOne(shardId, position, settings, signal)
        .catch(failed)
        .finally(() => {
          work.delete(one);
          looksOut = true;
        });
      work.add(one);
    };
    while (!signal.aborted) {
      const wake = new AbortController();
      const pause = () => sleep(clock, backoff.nextMs(), AbortSignal.any([signal, wake.signal]));
      try {
        const shards = await shardsToRead(settings, poller.stream, positions);
        for (const { shardId, position } of shards) {
          if (!reading.has(shardId) && !signal.aborted) read(shardId, position);
        }
        isListed = true;
        await Promise.race([...work, ...(looksOut || work.size === 0 ? [pause()] : [])]);
      } catch (error) {
        failed(error);
        await pause();
      }
      wake.abort();
    }
    await Promise.all(work);
  };

  /** What ran before goes first: two readers of one shard would handle its records twice. */
  const begin = () => {
    isListed = false;
    const before = [...runs];
    const { signal } = end;
    const settings = spec;
    const one = Promise.all(before)
      .then(() => (settings.enabled && !stopped ? run(settings, signal) : undefined))
      .finally(() => runs.delete(one));
    runs.add(one);
  };

  begin();
  return {
    get spec() {
      return spec;
    },
    state: () => (spec.enabled ? "Enabled" : runs.size > 0 ? "Disabling" : "Disabled"),
    update(change) {
      spec = checkStreamMappingSpec({ ...spec, ...change });
      end.abort();
      end = new AbortController();
      begin();
    },
    stats: () => ({ ...stats }),
    caughtUp: (atMs) =>
      !spec.enabled ||
      (isListed &&
        stats.inFlight === 0 &&
        [...reading.values()].every((lookedMs) => lookedMs !== undefined && lookedMs >= atMs)),
    async stop() {
      stopped = true;
      end.abort();
      await Promise.all(runs);
    },
  };
}
