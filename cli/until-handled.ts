import type { LocalCloud } from "../local/cloud/index.ts";
import { type Clock, sleep, systemClock } from "../src/clock.ts";
import { jobSettingsVariable } from "../src/env.ts";

/** What became of the messages of a local cloud; by queue, those that hold none left out. */
export interface Leftovers {
  /** Taken off the queues that functions read: handled, or dead. */
  readonly taken: number;
  /** In the queues and streams that functions read: what waits for its next try. */
  readonly waiting: Readonly<Record<string, number>>;
  /** In all others: dead letters, and what nobody reads. */
  readonly aside: Readonly<Record<string, number>>;
}

/** Whether no message is left anywhere. */
export function isAllHandled({ waiting, aside }: Leftovers): boolean {
  return Object.keys(waiting).length + Object.keys(aside).length === 0;
}

/** The same for people. */
export function leftoversText(left: Leftovers): string {
  if (isAllHandled(left)) {
    return left.taken === 0
      ? "no event has come: was one published, and does a consumer take it?"
      : `all queues are empty: every event is handled (${left.taken})`;
  }
  const lines = (queues: Readonly<Record<string, number>>, what: string) =>
    Object.entries(queues).map(([name, messages]) => `${name}: ${messages} ${what}`);
  return [
    ...lines(left.waiting, "wait for their next try"),
    ...lines(left.aside, "left: nobody reads them"),
  ].join("\n");
}

const lookEveryMs = 200;
/** Looks in a row that must find nothing: an event on its way from a topic to a queue may be in neither. */
const quietLooks = 3;

/**
 * Waits until the queues that functions read are empty and the streams of tables read, and answers what is left. Gives up
 * waiting when nothing has moved for `patienceMs`: an event that failed may not come back for minutes. One that only waits
 * for another's lease does: with the usual timeout after 34 s at most.
 */
export async function untilHandled({
  cloud,
  signal,
  patienceMs = 45_000,
  clock = systemClock,
}: {
  readonly cloud: Pick<LocalCloud, "functions" | "mappings" | "streamMappings" | "queues">;
  readonly signal: AbortSignal;
  readonly patienceMs?: number;
  readonly clock?: Clock;
}): Promise<Leftovers> {
  let quiet = 0;
  let seen = "";
  let movedAtMs = clock.nowMs();
  for (;;) {
    const left = await leftovers(cloud);
    const streams = cloud.streamMappings();
    const mappings = [...cloud.mappings(), ...streams];
    const state = JSON.stringify([left, mappings.map((mapping) => mapping.stats())]);
    if (state !== seen) movedAtMs = clock.nowMs();
    seen = state;
    // What the last handler has written may not have been seen yet in the stream of its table.
    const isRead = streams.every((stream) => stream.caughtUp(movedAtMs));
    quiet = Object.keys(left.waiting).length === 0 && isRead ? quiet + 1 : 0;
    if (quiet >= quietLooks || signal.aborted || clock.nowMs() - movedAtMs >= patienceMs) return left;
    await sleep(clock, lookEveryMs);
  }
}

async function leftovers(
  cloud: Pick<LocalCloud, "functions" | "mappings" | "streamMappings" | "queues">,
): Promise<Leftovers> {
  const read = new Set(cloud.mappings().map(({ spec }) => spec.queueArn.split(":").at(-1)));
  const left = { waiting: {} as Record<string, number>, aside: {} as Record<string, number> };
  for (const { name, visible, inFlight, delayed } of await cloud.queues()) {
    const messages = visible + inFlight + delayed;
    if (messages > 0) left[read.has(name) ? "waiting" : "aside"][name] = messages;
  }
  for (const { spec, stats } of cloud.streamMappings()) {
    const { inFlight } = stats();
    if (inFlight > 0) left.waiting[`the stream of ${spec.functionName}`] = inFlight;
  }
  // What the bus's own functions take is the same events once more.
  const own = new Set(
    cloud.functions
      .specs()
      .filter(({ environment }) => jobSettingsVariable in environment)
      .map(({ name }) => name),
  );
  const taken = cloud
    .mappings()
    .filter(({ spec }) => !own.has(spec.functionName))
    .reduce((sum, mapping) => sum + mapping.stats().deleted, 0);
  return { taken, ...left };
}
