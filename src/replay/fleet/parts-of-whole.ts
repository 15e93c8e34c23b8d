import type { Clock } from "../../clock.ts";
import type { ReplayStore } from "../ports.ts";

/** How often it is looked whether the whole was cancelled. */
const lookEveryMs = 5_000;

/**
 * The parts of a replay, for who is at one of them: a part ends with the whole, also where whoever cancelled that died before it came to
 * this part. The whole is looked at with a save, every five seconds at most.
 */
export function partsOfWhole(store: ReplayStore, replay: string, clock: Clock): ReplayStore {
  const parts = store.parts(replay);
  let lookedMs = clock.nowMs();
  return {
    ...parts,
    async save(job, owner, leaseEndsMs) {
      if (clock.nowMs() - lookedMs >= lookEveryMs) {
        lookedMs = clock.nowMs();
        const whole = await store.find(replay);
        if (whole?.job.state === "cancelled") await parts.cancel(job.id);
      }
      return parts.save(job, owner, leaseEndsMs);
    },
  };
}
