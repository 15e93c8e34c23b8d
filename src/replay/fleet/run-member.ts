import { sleep } from "../../clock.ts";
import type { OmnibusError } from "../../errors.ts";
import type { LimitStore } from "../../limits/index.ts";
import type { ReplayStore, StoredReplay } from "../ports.ts";
import type { ReplayJob } from "../replay-job.ts";
import { type ReplayParts, replayUnknown, runReplay, type Sending } from "../run-replay.ts";
import { fleetPace, fleetRate } from "./fleet-pace.ts";
import { fleetState } from "./fleet-state.ts";
import { partsOfWhole } from "./parts-of-whole.ts";

/** How long the replay itself is held while it is ended. */
const endLeaseMs = 10_000;
/** How often the last member looks at what others are at. */
const lookEveryMs = 5_000;
/** Above this rate of its own, a member has more than one batch under way. */
const onePerSecond = 200;
const manyLanes = 16;
const manySaveMs = 2_000;

/** `left`: others are at all that is not done. `stopped`: there is something left to do. */
export type MemberEnd = "done" | "cancelled" | "left" | "stopped";

/**
 * One member of the fleet that runs a replay: takes a part that nobody has, sends it, takes the next one. What a member that died was at,
 * is taken when its lease ends. Member 0 stays until all parts are done; others leave when each is done or taken. All members together
 * send no more in a second than the replay may.
 *
 * At least once: of a part that is taken over, what may have been sent twice is the one batch that was under way; above 200 messages a
 * second for each member, all that was sent in the two seconds before. The ledger knows it.
 *
 * Throws `OmnibusError`: `replay-unknown`, `not-sent`; `LimitError`; and what the parts throw. Any member can go on with it then.
 */
export async function runMember({
  replay,
  member,
  owner,
  signal,
  limits,
  ...given
}: ReplayParts & {
  readonly replay: string;
  /** From 0. */
  readonly member: number;
  /** Unique to this run. */
  readonly owner: string;
  readonly signal?: AbortSignal;
  /** Where the rate is kept that all of them share. */
  readonly limits: LimitStore;
}): Promise<MemberEnd> {
  const { store, clock } = given;
  const parts = partsOfWhole(store, replay, clock);
  let sending: Sending | undefined;
  for (;;) {
    const whole = await store.find(replay);
    if (!whole) throw replayUnknown(replay);
    const { job } = whole;
    if (job.state === "done" || job.state === "cancelled") return job.state;
    if (signal?.aborted) return "stopped";
    // The oldest events first.
    const all = (await parts.list()).toReversed();
    const left = all.filter((part) => part.job.state !== "done");
    if (left.length === 0)
      return end(store, fleetState(whole, all), { owner, endsMs: clock.nowMs() + endLeaseMs });
    const free = left.filter(({ heldUntilMs }) => heldUntilMs <= clock.nowMs());
    // Each begins elsewhere, so that they do not all ask for the same one.
    const next = free[member % Math.max(1, free.length)];
    if (next) {
      sending ??= sendingOf(job, { limits, clock });
      await runPart(next, { ...given, store: parts, owner, sending, ...(signal ? { signal } : {}) });
    } else if (member === 0) {
      const freeMs = Math.min(...left.map(({ heldUntilMs }) => heldUntilMs)) - clock.nowMs();
      await sleep(clock, Math.max(1, Math.min(lookEveryMs, freeMs)), signal);
    } else {
      return "left";
    }
  }
}

/** Runs a part; that somebody else has it, or that it was cancelled, is seen by the next look. */
async function runPart(
  { job: { id } }: StoredReplay,
  run: Omit<Parameters<typeof runReplay>[0], "id">,
): Promise<void> {
  try {
    await runReplay({ ...run, id });
  } catch (thrown) {
    const { code } = thrown as Partial<OmnibusError>;
    if (code !== "replay-held" && code !== "replay-lost" && code !== "replay-cancelled") throw thrown;
  }
}

/** Writes that all is done; where another is about to, nothing. */
async function end(
  store: ReplayStore,
  { job }: StoredReplay,
  { owner, endsMs }: { readonly owner: string; readonly endsMs: number },
): Promise<MemberEnd> {
  const begun = await store.begin(job.id, owner, endsMs);
  if (begun.status === "cancelled") return "cancelled";
  if (begun.status === "ours") await store.end(job, owner);
  return "done";
}

function sendingOf(
  { id, fleet, perSecond, ordered = false, fifo }: ReplayJob,
  { limits, clock }: Pick<ReplayParts, "clock"> & { readonly limits: LimitStore },
): Sending {
  const rate = fleetRate(id, perSecond);
  const isQuick = perSecond / (fleet?.members ?? 1) > onePerSecond && !ordered && !fifo;
  return {
    pace: fleetPace({ rate, limits, clock }),
    most: rate.most,
    lanes: isQuick ? manyLanes : 1,
    saveEveryMs: isQuick ? manySaveMs : 0,
  };
}
