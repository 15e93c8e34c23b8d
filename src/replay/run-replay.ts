import type { Clock } from "../clock.ts";
import { describeError, OmnibusError } from "../errors.ts";
import type { LedgerReader } from "../ledger/index.ts";
import { sqs } from "../limits-of-aws.ts";
import type { Segments } from "../segments/index.ts";
import { type EntryBatch, entryBatches } from "./entry-batches.ts";
import { readEventList } from "./event-list.ts";
import { itemsOfLines, lookedUpAtOnce } from "./known-lines.ts";
import { evenPace, type Pace } from "./pace.ts";
import type { PickedLine } from "./picked-line.ts";
import type { ReplayQueue, ReplayStore } from "./ports.ts";
import type { ReplayCounts, ReplayCursor, ReplayJob } from "./replay-job.ts";
import { selectedPages } from "./selected-pages.ts";
import { sendBatch } from "./send-batch.ts";

/** Whoever is gone for longer than that has died: another may go on. */
const leaseMs = 30_000;
/** What was sent since is sent again after a crash. */
const usualSaveMs = 2_000;
/** Above this rate, one call after the other is not enough. */
const onePerSecond = 200;
const manyLanes = 16;
/** How long its turn is waited for in one piece: the lease is kept in between. */
const patienceMs = leaseMs / 4;
const problemsKept = 5;

export interface ReplayParts {
  readonly store: ReplayStore;
  readonly archive: Segments;
  readonly queue: ReplayQueue;
  /** Absent where the consumer keeps none: nothing is known to be done then. */
  readonly ledger: LedgerReader | undefined;
  readonly clock: Clock;
}

/** How a replay is sent. */
export interface Sending {
  readonly pace: Pace;
  /** Messages in one batch at most. */
  readonly most: number;
  /** Batches that are under way at once. */
  readonly lanes: number;
  /** How often it is written how far it is: what was sent since is sent again after a crash. */
  readonly saveEveryMs: number;
}

/**
 * Goes on with a replay, from where it is: sends what is selected to the consumer's queue, no more than so many in a second, and leaves out
 * what the ledger knows as done (not of a replay that runs events again). Answers it as it is then: `done`, `cancelled`, or `stopped`,
 * when `signal` aborts.
 *
 * At least once: what was sent in the two seconds before a crash is sent again by whoever goes on; the ledger knows it. One at a time: it is
 * held by a lease, and who has lost it stops.
 *
 * Throws `OmnibusError`: `replay-unknown`, `replay-held`, `replay-lost`, `not-sent`; and what the parts throw. It can be gone on with then.
 */
export async function runReplay({
  id,
  owner,
  signal,
  onProgress = () => {},
  sending,
  store,
  archive,
  queue,
  ledger,
  clock,
}: ReplayParts & {
  readonly id: string;
  /** Unique to this run. */
  readonly owner: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (job: ReplayJob) => void;
  /** @default alone: all of the replay's rate is its own */
  readonly sending?: Sending;
}): Promise<ReplayJob> {
  let job = await begin(store, id, owner, clock);
  if (job.state === "done" || job.state === "cancelled") return job;
  const { consumer, fifo, again, ordered = false, selection } = job;
  const { pace, most, lanes, saveEveryMs } = sending ?? alone(job, clock);
  const batches = entryBatches({ consumer, fifo, id: job.of ?? id, again, ordered, most });
  const inFlight: Sent[] = [];
  let ended: "cancelled" | undefined;
  let savedMs = clock.nowMs();
  /** Behind the last line that went into a batch. */
  let behind = job.cursor;

  const note = (
    change: { cursor?: ReplayCursor | undefined; problems?: readonly string[] } & Partial<ReplayCounts>,
  ) => {
    const { sent = 0, skipped = 0, refused = 0, cursor = job.cursor, problems = [] } = change;
    const { counts } = job;
    job = {
      ...job,
      ...(cursor ? { cursor } : {}),
      counts: {
        sent: counts.sent + sent,
        skipped: counts.skipped + skipped,
        refused: counts.refused + refused,
      },
      problems: [...job.problems, ...problems].slice(0, problemsKept),
      updatedMs: clock.nowMs(),
    };
    onProgress(job);
  };
  const save = async (isDue = clock.nowMs() - savedMs >= saveEveryMs) => {
    if (!isDue) return;
    const nowMs = clock.nowMs();
    savedMs = nowMs;
    const saved = await store.save(job, owner, nowMs + leaseMs);
    if (saved === "cancelled") ended = "cancelled";
    if (saved === "lost") throw lost(id);
  };
  /** Waits for the oldest that is under way: what is behind it counts only then. */
  const settle = async () => {
    const [first] = inFlight;
    if (!first) return;
    const refused = await first.answer;
    inFlight.shift();
    note({
      sent: first.count - refused.length,
      skipped: first.skipped,
      refused: refused.length,
      cursor: first.behind,
      problems: refused.map(({ code, message }) => `refused by ${job.queue}: ${code}: ${message}`),
    });
    await save();
  };
  let skipped = 0;
  const send = async (batch: EntryBatch | undefined, upTo: ReplayCursor | undefined) => {
    if (!batch) return;
    while (inFlight.length >= lanes) await settle();
    while (!isOver() && !(await pace.turn(batch.count, patienceMs, signal))) await save();
    if (isOver()) return;
    const answer = sendBatch(queue, job.queue, batch, clock);
    // Heard of when it is its turn.
    answer.catch(() => {});
    inFlight.push({ answer, count: batch.count, skipped, behind: upTo });
    skipped = 0;
  };
  const isOver = () => signal?.aborted === true || ended !== undefined;

  try {
    // So that others see that it runs.
    await save(true);
    const list = selection.list ? await readEventList(archive.store, selection.list.key) : undefined;
    const pages = selectedPages({ archive, selection, list, cursor: job.cursor });
    for await (const page of pages) {
      for (let at = 0; at < page.lines.length && !isOver(); at += lookedUpAtOnce) {
        const some = page.lines.slice(at, at + lookedUpAtOnce);
        const done = again || !ledger ? undefined : await doneOf(ledger, consumer, some);
        for (const [index, line] of some.entries()) {
          if (isOver()) break;
          if (done?.[index]) skipped++;
          else await send(batches.add(line), behind);
          behind = page.after(line);
        }
      }
      if (isOver()) break;
      if (batches.waiting === 0 && inFlight.length === 0) {
        behind = page.end ?? behind;
        note({ skipped, cursor: behind });
        skipped = 0;
        await save();
      }
    }
    await send(batches.take(), behind);
    while (inFlight.length > 0) await settle();
    const state = ended ?? (signal?.aborted ? "stopped" : "done");
    if (state === "done") note({ skipped, cursor: behind });
    job = { ...job, state, updatedMs: clock.nowMs() };
    await store.end(job, owner);
    return job;
  } catch (thrown) {
    await Promise.allSettled(inFlight.map(({ answer }) => answer));
    const problems = [...job.problems.slice(0, problemsKept - 1), describeError(thrown).message];
    // The first failure is what counts: a replay that could not be written is as one that was killed.
    await store.end({ ...job, state: "stopped", problems, updatedMs: clock.nowMs() }, owner).catch(() => {});
    throw thrown;
  }
}

/** A batch that is under way. */
interface Sent {
  readonly answer: ReturnType<typeof sendBatch>;
  readonly count: number;
  /** Events before it that were done. */
  readonly skipped: number;
  readonly behind: ReplayCursor | undefined;
}

async function begin(store: ReplayStore, id: string, owner: string, clock: Clock): Promise<ReplayJob> {
  const begun = await store.begin(id, owner, clock.nowMs() + leaseMs);
  switch (begun.status) {
    case "ours":
      return begun.job.state === "done" ? begun.job : { ...begun.job, state: "running" };
    case "held":
      throw new OmnibusError(
        "replay-held",
        `replay ${id} is running elsewhere; were its process killed, it could be gone on with from ${new Date(begun.untilMs).toISOString()} on`,
        { retryable: true },
      );
    case "cancelled":
      throw new OmnibusError("replay-cancelled", `replay ${id} was cancelled: make a new one`);
    case "unknown":
      throw replayUnknown(id);
  }
}

/** For a replay that is not there. */
export function replayUnknown(id: string): OmnibusError {
  return new OmnibusError("replay-unknown", `there is no replay ${id}: bus replay status lists them`);
}

function lost(id: string): OmnibusError {
  return new OmnibusError(
    "replay-lost",
    `replay ${id} was taken over: this process did not come to write how far it was for half a minute`,
  );
}

async function doneOf(ledger: LedgerReader, consumer: string, lines: readonly PickedLine[]) {
  const items = await itemsOfLines(ledger, consumer, lines);
  return items.map((item) => item?.state === "done");
}

/** A slow replay sends few at a time, so that its pace is even; what is ordered goes one after the other. */
function alone({ perSecond, fifo, ordered = false }: ReplayJob, clock: Clock): Sending {
  return {
    pace: evenPace(perSecond, clock),
    most: Math.min(sqs.batchEntries, Math.max(1, Math.floor(perSecond / 5))),
    lanes: perSecond > onePerSecond && !fifo && !ordered ? manyLanes : 1,
    saveEveryMs: usualSaveMs,
  };
}
