import { type Clock, systemClock } from "../clock.ts";
import type { OpenDifference, Progress, ReconcileStore } from "./state.ts";
import { told } from "./told.ts";

const pageSize = 100;

interface Job {
  owner: string | undefined;
  leaseEndsMs: number;
  progress: Progress | undefined;
  readonly open: Map<string, OpenDifference>;
}

/** A `ReconcileStore` in this process's memory, for tests and single runs. */
export function inMemoryReconcileStore({ clock = systemClock }: { clock?: Clock } = {}): ReconcileStore {
  const jobs = new Map<string, Job>();
  const jobOf = (name: string): Job => {
    const known = jobs.get(name);
    if (known) return known;
    const made: Job = { owner: undefined, leaseEndsMs: 0, progress: undefined, open: new Map() };
    jobs.set(name, made);
    return made;
  };
  /** Does it where the lease is this owner's. */
  const fenced = (name: string, owner: string, write: (job: Job) => void): boolean => {
    const job = jobOf(name);
    if (job.owner !== owner) return false;
    write(job);
    return true;
  };

  return {
    async begin(name, owner, leaseEndsMs) {
      const job = jobOf(name);
      if (job.owner !== undefined && job.owner !== owner && job.leaseEndsMs > clock.nowMs()) {
        return { status: "held", untilMs: job.leaseEndsMs };
      }
      Object.assign(job, { owner, leaseEndsMs });
      return { status: "ours", progress: job.progress };
    },
    save: async (name, owner, progress, leaseEndsMs) =>
      fenced(name, owner, (job) => {
        Object.assign(job, { progress, leaseEndsMs });
      }),
    open: async (name, owner, differences, holding = name) =>
      fenced(holding, owner, () => {
        const { open } = jobOf(name);
        for (const one of differences) {
          const { key } = one.difference;
          const firstSeenMs = open.get(key)?.firstSeenMs ?? one.firstSeenMs;
          open.set(key, { ...one, difference: told(one.difference), firstSeenMs });
        }
      }),
    close: async (name, owner, keys) =>
      fenced(name, owner, ({ open }) => {
        for (const key of keys) open.delete(key);
      }),
    async list(name, cursor) {
      const keys = [...jobOf(name).open.keys()].sort();
      const page = keys.filter((key) => cursor === undefined || key > cursor).slice(0, pageSize);
      const last = page.at(-1);
      return {
        open: page.map((key) => jobOf(name).open.get(key) as OpenDifference),
        cursor: last !== undefined && last !== keys.at(-1) ? last : undefined,
      };
    },
    find: async (name, keys) => keys.map((key) => jobOf(name).open.get(key)),
    read: async (names) =>
      names.map((name) => {
        const job = jobs.get(name);
        return {
          progress: job?.progress,
          heldUntilMs: job?.owner === undefined ? undefined : job.leaseEndsMs,
        };
      }),
    async forget(names) {
      for (const name of names) {
        const job = jobs.get(name);
        if (job) Object.assign(job, { owner: undefined, leaseEndsMs: 0, progress: undefined });
      }
    },
    async end(name, owner) {
      fenced(name, owner, (job) => {
        job.owner = undefined;
      });
    },
  };
}
