import { isFifo } from "../../src/names.ts";
import {
  keepEventList,
  makeParts,
  type ReplayJob,
  type ReplayParts,
  type ReplaySelection,
  type ReplaySurvey,
  replayId,
} from "../../src/replay/index.ts";
import { checkShadow } from "./check-shadow.ts";
import { ReplayError } from "./replay-error.ts";
import type { ReplayedConsumer } from "./replayed-consumer.ts";
import { checkFleet } from "./start-fleet.ts";

/** Messages sent in a second, unless told otherwise: what is replayed shall not crowd out what is published now. */
export const defaultReplayRate = 50;
/** Least and most of it. */
export const replayRates = { least: 0.1, most: 100_000 } as const;

/**
 * Checks what a survey has found, and writes the replay down, so that it can be run: for a fleet with its parts. What goes to an ordered
 * queue is ordered. Throws `ReplayError`: `replay-rate`, `replay-fleet`, `shadow`, `nothing-selected`, `beyond-ledger`.
 */
export async function makeReplay(
  { store, archive, clock }: Pick<ReplayParts, "store" | "archive" | "clock">,
  {
    consumer: { bus, name, queue, settings },
    selection,
    list,
    survey,
    again,
    shadow = false,
    beyondLedger,
    ordered = false,
    fleet,
    perSecond,
    by,
  }: {
    readonly consumer: ReplayedConsumer;
    readonly selection: ReplaySelection;
    readonly list?: ReadonlySet<string> | undefined;
    readonly survey: ReplaySurvey;
    readonly again: boolean;
    /** Whether nothing shall come of its runs; then done events are run, too. */
    readonly shadow?: boolean;
    /** Whether events may be sent that the ledger may have forgotten. */
    readonly beyondLedger: boolean;
    /** Whether events of one key are sent in the archive's order, whatever the queue does with it. */
    readonly ordered?: boolean;
    /** How many functions are to run it. @default it is run by whoever asks */
    readonly fleet?: number | undefined;
    readonly perSecond: number;
    readonly by: string;
  },
): Promise<ReplayJob> {
  checkRate(perSecond);
  if (fleet !== undefined) checkFleet(fleet);
  checkSelected(survey);
  if (shadow) checkShadow(settings);
  if (!again && !shadow && !beyondLedger && survey.beyond > 0) {
    throw new ReplayError("beyond-ledger", beyondText(survey, settings));
  }
  const id = replayId(clock, { shadow });
  const kept = list ? { list: await keepEventList(archive.store, id, list) } : {};
  const nowMs = clock.nowMs();
  const job: ReplayJob = {
    v: 1,
    id,
    bus,
    consumer: name,
    queue,
    fifo: isFifo(queue),
    again: again || shadow,
    ordered: ordered || isFifo(queue),
    perSecond,
    selection: { ...selection, ...kept },
    selected: survey.selected,
    state: "stopped",
    counts: { sent: 0, skipped: 0, refused: 0 },
    problems: [],
    createdMs: nowMs,
    updatedMs: nowMs,
    by,
  };
  if (fleet !== undefined) return makeParts({ store, archive }, job, { members: fleet });
  await store.create(job);
  return job;
}

/** Throws `ReplayError` (`replay-rate`) for a rate that cannot be. */
export function checkRate(perSecond: number): void {
  if (perSecond >= replayRates.least && perSecond <= replayRates.most) return;
  throw new ReplayError(
    "replay-rate",
    `the rate is ${perSecond} a second; ${replayRates.least} to ${replayRates.most} are allowed`,
  );
}

/** Throws `ReplayError` (`nothing-selected`). */
export function checkSelected({ selected }: ReplaySurvey): void {
  if (selected > 0) return;
  throw new ReplayError(
    "nothing-selected",
    "the archive has no such event for this consumer: nothing was sent. bus tail --from … shows what there is; what was just published is there some seconds later",
  );
}

const dayMs = 86_400_000;

/** What is to be known before events are sent that the ledger may have forgotten. */
export function beyondText(
  { beyond }: Pick<ReplaySurvey, "beyond">,
  { consumer, mode, keepMs }: ReplayedConsumer["settings"],
): string {
  const why =
    mode === "none"
      ? `${consumer} keeps no ledger (mode none)`
      : `the ledger of ${consumer} keeps what was done for ${Math.round(keepMs / dayMs)} days, and they are older`;
  return `${beyond} of the events may have been handled before, and nobody knows: ${why}. They would be handled once more`;
}
