import { type Clock, uuidv7 } from "../../src/clock.ts";
import { OmnibusError } from "../../src/errors.ts";
import {
  beginRelease,
  type ParkedGroup,
  type ParkedStore,
  type Poison,
  releaseMessage,
} from "../../src/parking/index.ts";
import type { InMemoryQueue } from "../mapping/index.ts";

/** A group that waits behind a poison. */
export interface TestParkedGroup {
  readonly group: string;
  /** Messages in its line, that of the poison among them. */
  readonly waiting: number;
  readonly poison: Pick<Poison, "id" | "type" | "reason" | "error">;
}

/** The parked groups of a consumer under test. */
export async function parkedGroups(
  store: ParkedStore,
  consumer: string,
): Promise<readonly TestParkedGroup[]> {
  const { groups } = await store.list(consumer);
  return groups.map(({ group, first, tail, poison }) => ({ group, waiting: tail - first + 1, poison }));
}

/** Begins what `bus dlq release` begins: the marker says so, and the release message is sent. */
export async function beginTestRelease({
  store,
  queue,
  consumer,
  group,
  withPoison,
  clock,
}: {
  readonly store: ParkedStore;
  readonly queue: InMemoryQueue;
  readonly consumer: string;
  readonly group: string;
  readonly withPoison: boolean;
  readonly clock: Clock;
}): Promise<void> {
  const marker = (await store.read(consumer, [group])).get(group);
  const change = marker && beginRelease(marker, { id: uuidv7(clock), nowMs: clock.nowMs(), withPoison });
  if (!change?.to?.release || !(await store.change(change))) throw await notParked(store, consumer, group);
  const { release, first } = change.to as ParkedGroup & { release: { id: string } };
  queue.send(releaseMessage(group, { id: release.id, place: first }));
}

async function notParked(store: ParkedStore, consumer: string, group: string): Promise<OmnibusError> {
  const known = (await parkedGroups(store, consumer)).map((one) => one.group).join(", ") || "none";
  return new OmnibusError("not-parked", `group ${group} of ${consumer} is not parked; parked: ${known}`);
}
