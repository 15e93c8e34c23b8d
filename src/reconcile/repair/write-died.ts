import type { Clock } from "../../clock.ts";
import type { Difference } from "../difference.ts";
import type { ReconcileJob } from "../job.ts";
import { SourceFault } from "../source-fault.ts";
import { diedEntry } from "./audit-entry.ts";
import { lookHome } from "./look-home.ts";
import type { Marked, Marker, RepairStore } from "./repair-store.ts";

interface DiedOptions {
  readonly job: ReconcileJob;
  readonly repairs: RepairStore;
  readonly clock: Clock;
}

/** Writes down what came of a repair whose maker died over it, where that is so: `now` is what was looked up since. */
export async function writeDied(
  key: string,
  { marker, revision }: Marked,
  now: Difference | undefined,
  { job, repairs, clock }: DiedOptions,
): Promise<void> {
  const entry = diedEntry(key, marker, clock.nowMs(), now);
  if (!entry) return;
  const ended: Marker = {
    ...marker,
    state: "ended",
    tries: marker.tries + (entry.outcome === "failed" ? 0 : 1),
    outcome: entry.outcome,
  };
  await repairs.mark(job.name, key, ended, revision, entry);
}

/**
 * Looks for repairs whose makers have died, and writes down what came of them: what was repaired may be gone from all plans,
 * and would be in no book. What a side cannot be asked about stays for the next time.
 */
export async function writeAllDied(options: DiedOptions & { readonly untilMs: number }): Promise<void> {
  const { job, repairs, clock, untilMs } = options;
  const keys = await repairs.begun(job.name);
  const marked = await repairs.markers(job.name, keys);
  const died = keys.flatMap((key, index) => {
    const one = marked[index];
    return one?.marker.state === "begun" && one.marker.endsMs <= clock.nowMs() ? [{ key, one }] : [];
  });
  if (died.length === 0) return;
  const asked = died.map(({ key, one }) => ({ key, seenMs: one.marker.before.timeMs }));
  const found = await lookHome(job, clock, untilMs)(asked);
  for (const [index, { key, one }] of died.entries()) {
    const now = found[index];
    if (!(now instanceof SourceFault)) await writeDied(key, one, now, options);
  }
}
