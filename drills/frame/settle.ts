import { type Clock, systemClock } from "../../src/clock.ts";
import type { Backlog } from "./backlog.ts";
import type { DrillConsumer } from "./drill-consumer.ts";
import type { LogTally } from "./tally.ts";

/** Nothing moved for so long that nothing will: the message names what is stuck, and what the functions said last. */
export class StalledError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "StalledError";
  }
}

/** Longer than a killed handler's messages stay invisible, with all that may follow; only then is a silence a stall. */
export const stallMs = 120_000;

/** Looks in a row that must find nothing: a message on its way from topic to queue may be in neither. */
const emptyLooks = 2;

/**
 * Waits until every work queue is empty, with nothing in flight or delayed. Answers the moment of the first look that
 * found it so. Throws `StalledError` after `stallMs` without any change in queues or counts.
 */
export async function waitUntilSettled<Name extends string>({
  consumers,
  backlog,
  tally,
  stallMs,
  signal,
  clock = systemClock,
}: {
  readonly consumers: readonly DrillConsumer<Name>[];
  readonly backlog: Backlog<Name>;
  readonly tally: LogTally<Name>;
  readonly stallMs: number;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}): Promise<number> {
  let empty = 0;
  let emptySinceMs = clock.nowMs();
  let seen = "";
  let movedAtMs = clock.nowMs();
  while (!signal.aborted) {
    await backlog.next();
    const nowMs = clock.nowMs();
    if (backlog.deepest() === 0) {
      if (empty++ === 0) emptySinceMs = nowMs;
      if (empty >= emptyLooks) return emptySinceMs;
      continue;
    }
    empty = 0;
    const state = JSON.stringify([backlog.latest(), tally.of]);
    if (state !== seen) {
      seen = state;
      movedAtMs = nowMs;
    } else if (nowMs - movedAtMs >= stallMs) {
      throw new StalledError(describeStall({ consumers, backlog, tally, stallMs }));
    }
  }
  return emptySinceMs;
}

function describeStall<Name extends string>({
  consumers,
  backlog,
  tally,
  stallMs,
}: {
  readonly consumers: readonly DrillConsumer<Name>[];
  readonly backlog: Backlog<Name>;
  readonly tally: LogTally<Name>;
  readonly stallMs: number;
}) {
  const stuck = consumers
    .filter(({ name }) => backlog.lag(name) > 0)
    .map(({ name, queueName }) => {
      const { visible, inFlight, delayed } = backlog.latest()[name];
      const { handled, retries } = tally.of[name];
      return `  ${name}: ${queueName} holds ${visible} visible, ${inFlight} in flight, ${delayed} delayed; handled ${handled}, retried ${retries}`;
    });
  const said = tally.complaints.map((line) => `  ${line}`);
  return [
    `nothing has moved for ${Math.round(stallMs / 1000)} s; stuck:`,
    ...stuck,
    ...(said.length > 0 ? ["the functions said last:", ...said] : []),
  ].join("\n");
}
