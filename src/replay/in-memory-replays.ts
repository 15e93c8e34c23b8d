import { type Clock, systemClock } from "../clock.ts";
import { OmnibusError } from "../errors.ts";
import type { ReplayStore, StoredReplay } from "./ports.ts";
import type { ReplayJob } from "./replay-job.ts";

/** A `ReplayStore` in this process's memory, for tests. */
export function inMemoryReplays({ clock = systemClock }: { readonly clock?: Clock } = {}): ReplayStore {
  const replays = new Map<string, Kept>();
  const parts = new Map<string, ReplayStore>();
  return {
    async create(job) {
      if (replays.has(job.id)) throw new OmnibusError("replay-exists", `there is a replay ${job.id} already`);
      replays.set(job.id, { job, leaseEndsMs: 0, cancelled: false });
    },
    async begin(id, owner, leaseEndsMs) {
      const found = replays.get(id);
      if (!found) return { status: "unknown" };
      if (found.cancelled) return { status: "cancelled" };
      if (found.owner !== undefined && found.owner !== owner && found.leaseEndsMs > clock.nowMs()) {
        return { status: "held", untilMs: found.leaseEndsMs };
      }
      Object.assign(found, { owner, leaseEndsMs });
      return { status: "ours", job: found.job };
    },
    async save(job, owner, leaseEndsMs) {
      const found = replays.get(job.id);
      if (found?.owner !== owner) return "lost";
      if (found.cancelled) return "cancelled";
      Object.assign(found, { job, leaseEndsMs });
      return "saved";
    },
    async end(job, owner) {
      const found = replays.get(job.id);
      if (found?.owner !== owner) return;
      replays.set(job.id, { job: shown(job, found.cancelled), leaseEndsMs: 0, cancelled: found.cancelled });
    },
    async cancel(id) {
      const found = replays.get(id);
      if (!found || found.job.state === "done") return false;
      found.cancelled = true;
      return true;
    },
    async find(id) {
      const found = replays.get(id);
      return found && storedOf(found);
    },
    async list() {
      return [...replays.values()].map(storedOf).sort((one, other) => (one.job.id < other.job.id ? 1 : -1));
    },
    parts(id) {
      const found = parts.get(id) ?? inMemoryReplays({ clock });
      parts.set(id, found);
      return found;
    },
  };
}

interface Kept {
  readonly job: ReplayJob;
  readonly owner?: string;
  readonly leaseEndsMs: number;
  cancelled: boolean;
}

function storedOf({ job, owner, leaseEndsMs, cancelled }: Kept): StoredReplay {
  return { job: shown(job, cancelled), heldUntilMs: owner === undefined ? 0 : leaseEndsMs };
}

/** As it is told: what was cancelled is so, whatever it was doing. */
function shown(job: ReplayJob, cancelled: boolean): ReplayJob {
  return cancelled && job.state !== "done" ? { ...job, state: "cancelled" } : job;
}
