import { totalOf } from "../queue-depth.ts";
import type { LagLook, QueueFlow } from "./ports.ts";

/** How a consumer stands to its queue. */
export type LagState = "caught up" | "behind and shrinking" | "behind and growing" | "stuck" | "held";

/** What two looks at a consumer's queue tell. Rates are per second; `undefined` is not known. */
export interface LagVerdict extends QueueFlow {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** How fast the queue grows (or shrinks, below 0): the difference of the two looks. */
  readonly changePerSecond: number;
  /** Until nothing is left, at this pace; `undefined` when it does not shrink. */
  readonly drainSeconds: number | undefined;
  readonly state: LagState;
  /** Why it is called so. */
  readonly reason: string;
}

/** Judges by two looks; the numbers of SQS are estimates, and on AWS they lag behind by up to a minute. */
export function judgeLag(before: LagLook, now: LagLook): LagVerdict {
  const seconds = Math.max(0.001, (now.atMs - before.atMs) / 1_000);
  const lag = totalOf(now.depth);
  const change = (lag - totalOf(before.depth)) / seconds;
  const pace = now.reader.drainedPerSecond;
  // Its starts are further apart than two looks: what these show of it is chance.
  const shrinks = pace ?? -change;
  const drainSeconds = lag === 0 ? 0 : shrinks > 0 ? lag / shrinks : undefined;
  return {
    ...now.depth,
    ...now.flow,
    changePerSecond: change,
    drainSeconds,
    ...stateOf(before, now, change, seconds),
  };
}

function stateOf(
  before: LagLook,
  { depth, reader, flow }: LagLook,
  change: number,
  seconds: number,
): Pick<LagVerdict, "state" | "reason"> {
  const { visible, inFlight, delayed } = depth;
  const held = holdOf(reader);
  const waiting = visible + delayed;
  if (held !== undefined) return { state: "held", reason: `${held}; ${waiting} wait` };
  if (visible === 0) {
    const away = inFlight + delayed;
    const rest =
      away === 0 ? "nothing waits" : `none waits; ${away} are being handled, or wait for their next try`;
    return { state: "caught up", reason: rest };
  }
  if (reader.drainedPerSecond !== undefined) {
    return stateOfDrained(visible, change, reader.drainedPerSecond, flow);
  }
  const span = `in ${round(seconds)} s`;
  if (change < 0) {
    return { state: "behind and shrinking", reason: `${visible} wait, ${round(-change)} fewer a second` };
  }
  if (change > 0) {
    return { state: "behind and growing", reason: `${visible} wait, ${round(change)} more a second` };
  }
  if ((flow.outPerSecond ?? 0) > 0 || before.depth.inFlight !== inFlight) {
    return { state: "behind and growing", reason: `${visible} wait, and as many come as go` };
  }
  const why =
    inFlight === 0
      ? "nobody receives them"
      : `${inFlight} are received and none was finished ${span}: handlers that hang, or that fail and wait`;
  const last = reader.lastResult === undefined ? "" : `; the last poll: ${reader.lastResult}`;
  return { state: "stuck", reason: `${visible} wait, and ${why}${last}` };
}

/** A minute in which nothing was deleted says more than the seconds between two looks. */
function stateOfDrained(
  visible: number,
  change: number,
  perSecond: number,
  { outPerSecond, oldestSeconds = 0 }: QueueFlow,
): Pick<LagVerdict, "state" | "reason"> {
  const pace = `drained by schedule, at most ${round(perSecond * 60)} a minute`;
  if (change > perSecond) {
    return {
      state: "behind and growing",
      reason: `${visible} wait, ${round(change)} more a second; ${pace}`,
    };
  }
  const expected = perSecond * 60;
  if (outPerSecond === 0 && expected >= 2 && oldestSeconds > 180) {
    return {
      state: "stuck",
      reason: `${visible} wait, and none was deleted in the last minute; ${pace}: bus doctor looks at its schedule`,
    };
  }
  return { state: "behind and shrinking", reason: `${visible} wait; ${pace}` };
}

/** Why nothing is to be expected of the reader, if so. */
function holdOf({
  mappingState,
  isMissing,
  reservedConcurrency,
  holds,
}: LagLook["reader"]): string | undefined {
  const [hold, ...others] = holds;
  if (hold) {
    const more = others.length === 0 ? "" : ` (and ${others.map(({ name }) => name).join(", ")})`;
    const why = hold.why === "" ? "" : `: ${hold.why}`;
    return `${hold.name}${more} since ${new Date(hold.sinceMs).toISOString()}${why}`;
  }
  if (isMissing) return "no mapping reads its queue";
  if (reservedConcurrency === 0) return "its function's reserved concurrency is 0";
  if (mappingState === undefined || mappingState === "Enabled" || mappingState === "Updating")
    return undefined;
  return `its mapping is ${mappingState}`;
}

function round(value: number): number {
  return value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
}
