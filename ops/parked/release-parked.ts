import type { SQSClient } from "@aws-sdk/client-sqs";
import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import type { ParkedGroup, ParkedStore, Poison } from "../../src/parking/index.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import { releaseQueue, startRelease } from "./start-release.ts";

/** What became of a group. `handled`: the messages that left its line while it was watched. */
export type ReleasedGroup = { readonly group: string; readonly handled: number } & (
  | /** Its line is handled, and the group goes on as ever. */
  { readonly status: "released" }
  /** Another event of it died, or the same again: it waits behind that one. */
  | { readonly status: "parked"; readonly waiting: number; readonly poison: Poison }
  /** It is still being handled, without this command. */
  | { readonly status: "releasing"; readonly waiting: number }
  /** There was nothing to release. */
  | { readonly status: "not-parked" }
);

/** How the groups are coming along. */
export interface ReleaseProgress {
  /** Groups that are through. */
  readonly through: number;
  /** Messages of the others that wait. */
  readonly waiting: number;
}

/** Groups that are begun side by side, and markers that one read brings. */
const sideBySide = 8;
const markersAtOnce = 100;

/**
 * Has the lines of parked groups handled: says so in each marker, sends each group its release message, and watches until
 * all are through.
 *
 * It only begins: killed at any moment, the consumer goes on by itself, and the same command begins what it had not.
 * Stops watching when nothing has moved for `stallMs`. Throws `ReleaseError` where the consumer does not park.
 */
export async function releaseParked({
  store,
  client,
  consumer,
  groups,
  withPoison = false,
  stallMs,
  pollMs = 500,
  signal,
  clock = systemClock,
  onProgress = () => {},
}: {
  readonly store: ParkedStore;
  readonly client: SQSClient;
  readonly consumer: ConsumerRef;
  readonly groups: readonly string[];
  /** The poison is handled first; otherwise it is left out, and stays a dead letter. @default false */
  readonly withPoison?: boolean;
  readonly stallMs: number;
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly onProgress?: (progress: ReleaseProgress) => void;
}): Promise<readonly ReleasedGroup[]> {
  const queueUrl = await releaseQueue(client, consumer);
  const name = consumer.consumer;
  const ended = new Map<string, ReleasedGroup>();
  const open = new Map<string, Watched>();

  const begin = async (group: string) => {
    const start = await startRelease({ store, client, queueUrl, consumer: name, group, withPoison, clock });
    if (start) open.set(group, { start, last: start });
    else ended.set(group, { group, status: "not-parked", handled: 0 });
  };
  for (let at = 0; at < groups.length && signal?.aborted !== true; at += sideBySide) {
    await Promise.all(groups.slice(at, at + sideBySide).map(begin));
  }

  let seen = "";
  let movedAtMs = clock.nowMs();
  while (open.size > 0 && signal?.aborted !== true) {
    for (const some of chunksOf([...open.keys()], markersAtOnce)) {
      const found = await store.read(name, some);
      for (const group of some) {
        const watched = open.get(group) as Watched;
        const end = endOf(watched, found.get(group));
        if (!end) continue;
        ended.set(group, end);
        open.delete(group);
      }
    }
    const left = [...open.values()].map(({ last }) => last);
    onProgress({ through: ended.size, waiting: left.reduce((sum, marker) => sum + waitingIn(marker), 0) });
    const now = left.map(({ group, revision }) => `${group} ${revision}`).join("\n");
    if (now !== seen) [seen, movedAtMs] = [now, clock.nowMs()];
    if (open.size === 0 || clock.nowMs() - movedAtMs >= stallMs) break;
    await sleep(clock, pollMs, signal);
  }
  for (const [group, { start, last }] of open) {
    const handled = last.first - start.first;
    ended.set(group, { group, status: "releasing", handled, waiting: waitingIn(last) });
  }
  return groups.flatMap((group) => ended.get(group) ?? []);
}

/** A group as it was when its release began, and as it was last seen. */
interface Watched {
  readonly start: ParkedGroup;
  last: ParkedGroup;
}

/** What has become of a group, once its release is over; notes how it looks until then. */
function endOf(watched: Watched, marker: ParkedGroup | undefined): ReleasedGroup | undefined {
  const { start, last } = watched;
  const { group } = start;
  if (!marker) return { group, status: "released", handled: last.tail - start.first + 1 };
  watched.last = marker;
  if (marker.release?.id === start.release?.id) return undefined;
  const handled = Math.max(0, marker.first - start.first);
  return { group, status: "parked", handled, waiting: waitingIn(marker), poison: marker.poison };
}

function waitingIn({ first, tail }: ParkedGroup): number {
  return tail - first + 1;
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
