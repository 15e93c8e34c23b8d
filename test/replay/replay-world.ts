import {
  inMemoryReplayQueue,
  inMemoryReplays,
  type ReplayJob,
  type ReplayParts,
  type ReplaySelection,
  replayId,
  runReplay,
  surveyReplay,
  type TakenMessage,
} from "../../src/replay/index.ts";
import { consumer, dayMs, sealedWorld } from "../reconcile/sources/sealed-world.ts";

/** What a queue has taken, and when. */
export interface Taken extends TakenMessage {
  readonly queue: string;
  readonly atMs: number;
  readonly id: string;
}

let owners = 0;

/** A bus in memory with an archive, a ledger, and a queue that notes what it is sent. */
export function replayWorld(options: Parameters<typeof sealedWorld>[0] = {}) {
  const world = sealedWorld(options);
  const { clock, segments, ledger } = world;
  const taken: Taken[] = [];
  const queue = inMemoryReplayQueue((queue, message) => {
    taken.push({ ...message, queue, atMs: clock.nowMs(), id: JSON.parse(message.MessageBody).id });
  });
  const store = inMemoryReplays({ clock });
  const parts: ReplayParts = { store, archive: segments.archive, queue, ledger, clock };
  const make = async (selection: ReplaySelection, change: Partial<ReplayJob> = {}): Promise<ReplayJob> => {
    const job: ReplayJob = {
      v: 1,
      id: replayId(clock),
      bus: "shop",
      consumer,
      queue: `shop-${consumer}`,
      fifo: false,
      again: false,
      perSecond: 50,
      selection,
      selected: 0,
      state: "stopped",
      counts: { sent: 0, skipped: 0, refused: 0 },
      problems: [],
      createdMs: clock.nowMs(),
      updatedMs: clock.nowMs(),
      by: "anna",
      ...change,
    };
    await store.create(job);
    return job;
  };
  const run = (id: string, more: Partial<Parameters<typeof runReplay>[0]> = {}) =>
    runReplay({ ...parts, id, owner: `run-${owners++}`, ...more });
  return {
    ...world,
    taken,
    store,
    parts,
    make,
    run,
    survey: (selection: ReplaySelection, more: Partial<Parameters<typeof surveyReplay>[0]> = {}) =>
      surveyReplay({ archive: segments.archive, selection, consumer, ledger, keepMs: 60 * dayMs, ...more }),
    /** Makes a replay and runs it to its end, in virtual time. */
    replay: async (selection: ReplaySelection, change: Partial<ReplayJob> = {}) => {
      const { id } = await make(selection, change);
      return clock.until(run(id));
    },
    ids: () => taken.map(({ id }) => id),
  };
}
