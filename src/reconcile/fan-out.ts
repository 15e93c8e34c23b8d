import { type Clock, uuidv7 } from "../clock.ts";
import type { Holding } from "./holding.ts";
import { type PartMessage, type PartQueue, partNames, stateOfPart } from "./parts.ts";
import { mergeSpans, withoutSpan } from "./spans.ts";
import type { FanOut, Look, Progress, ReconcileStore, UnknownSpan } from "./state.ts";

/** Messages stay in their queue for days: sent again only where they must have been lost. */
const sentAgainMs = 3_600_000;

/** Parts of one handing out: so many are kept with the job's progress, and read back in one call. */
export const mostParts = 64;

export interface FanOutOptions {
  readonly job: string;
  readonly store: ReconcileStore;
  readonly parts: PartQueue;
  readonly clock: Clock;
}

/**
 * Hands parts out. They are written down first: killed at any point, the next run finds them and sends what may not have
 * been sent.
 */
export async function handOut(
  looks: readonly Look[],
  holding: Holding,
  options: FanOutOptions,
): Promise<void> {
  const fanOut: FanOut = { id: uuidv7(options.clock), parts: looks };
  await holding.save({ ...holding.progress, fanOut });
  await sendParts(looks.keys(), fanOut, holding, options);
}

/** What parts have come to, together. */
export type Collected =
  | { readonly status: "waiting"; readonly done: number; readonly of: number }
  | {
      readonly status: "collected";
      readonly found: number;
      readonly unknown: readonly UnknownSpan[];
      readonly of: number;
    };

/**
 * Takes over what the parts have brought, once all are compared or given up; until then sees to it that each has its
 * message. Once collected they are forgotten, and late messages of theirs mean nothing.
 */
export async function collect(fanOut: FanOut, holding: Holding, options: FanOutOptions): Promise<Collected> {
  const { job, store, clock } = options;
  const names = partNames(job, fanOut);
  const remembered = await store.read(names);
  const states = fanOut.parts.map((part, at) =>
    stateOfPart(part, remembered[at] ?? { progress: undefined, heldUntilMs: undefined }, clock.nowMs()),
  );
  const of = fanOut.parts.length;
  const done = states.filter((state) => state === "compared").length;
  if (states.some((state) => state === "held" || state === "waiting")) {
    const wasSent = fanOut.sentMs !== undefined && clock.nowMs() - fanOut.sentMs < sentAgainMs;
    const waiting = [...states.keys()].filter((at) => states[at] === "waiting");
    if (!wasSent && waiting.length > 0) await sendParts(waiting, fanOut, holding, options);
    return { status: "waiting", done, of };
  }
  let progress: Progress = { ...holding.progress, fanOut: undefined };
  let found = 0;
  const unknown: UnknownSpan[] = [];
  for (const [at, part] of fanOut.parts.entries()) {
    const of = remembered[at]?.progress;
    const isGivenUp = states[at] === "given-up";
    progress = withPart(progress, part, isGivenUp ? { unknown: [part] } : (of ?? { unknown: [] }));
    found += of?.part?.found ?? 0;
    unknown.push(...(isGivenUp ? [givenUp(part)] : (of?.part?.faults ?? [])));
  }
  await holding.save(progress);
  await store.forget(names);
  return { status: "collected", found, unknown, of };
}

async function sendParts(
  which: Iterable<number>,
  fanOut: FanOut,
  holding: Holding,
  { job, parts, clock }: FanOutOptions,
): Promise<void> {
  const messages = [...which].map((part): PartMessage => ({ v: 1, job, fan: fanOut.id, part }));
  await parts.send(messages);
  await holding.save({ ...holding.progress, fanOut: { ...fanOut, sentMs: clock.nowMs() } });
}

/** A job's progress once one of its parts is compared, but for what stays unknown or under way of it. */
function withPart(
  progress: Progress,
  part: Look,
  { unknown, underWay = [] }: Pick<Progress, "unknown" | "underWay">,
): Progress {
  const { kind, toMs } = part;
  return {
    ...progress,
    comparedToMs: kind === "first" ? Math.max(progress.comparedToMs, toMs) : progress.comparedToMs,
    lastLookToMs: kind === "last" ? Math.max(progress.lastLookToMs, toMs) : progress.lastLookToMs,
    unknown: mergeSpans([...withoutSpan(progress.unknown, part), ...unknown]),
    rest: withoutSpan(progress.rest ?? [], part),
    underWay: mergeSpans([...withoutSpan(progress.underWay ?? [], part), ...underWay]),
  };
}

function givenUp({ fromMs, toMs }: Look): UnknownSpan {
  const message = "was begun by several workers, and none came further with it: see the function's log";
  return { fromMs, toMs, source: "the comparison", message };
}
