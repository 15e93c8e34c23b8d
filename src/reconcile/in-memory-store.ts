import { type Clock, systemClock } from "../clock.ts";
import type { OpenDifference, Progress, ReconcileStore } from "./state.ts";
import { told } from "./told.ts";

const pageSize = 100;

interface Job {
  owner: string | undefined;
  leaseEndsMs: number;
  progress: Progress | undefined;
  readonly open: Map<string, OpenDifference>;
  /** The keys in order, and perhaps some that are closed; `undefined`: a new one has come. */
  sorted: readonly string[] | undefined;
}

/** A `ReconcileStore` in this process's memory, for tests and single runs. */
export function inMemoryReconcileStore({ clock = systemClock }: { clock?: Clock } = {}): ReconcileStore {
  const jobs = new Map<string, Job>();
  const jobOf = (name: string): Job => {
    const known = jobs.get(name);
    if (known) return known;
    const made: Job = { owner: undefined, leaseEndsMs: 0, progress: undefined, open: new Map(), sorted: [] };
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
        const job = jobOf(name);
        const { open } = job;
        for (const one of differences) {
          const { key } = one.difference;
          if (!open.has(key)) job.sorted = undefined;
          const firstSeenMs = open.get(key)?.firstSeenMs ?? one.firstSeenMs;
          open.set(key, { ...one, difference: told(one.difference), firstSeenMs });
        }
      }),
    close: async (name, owner, keys) =>
      fenced(name, owner, ({ open }) => {
        for (const key of keys) open.delete(key);
      }),
    async list(name, cursor) {
      const job = jobOf(name);
      job.sorted ??= [...job.open.keys()].sort();
      const { sorted } = job;
      const found: OpenDifference[] = [];
      let at = cursor === undefined ? 0 : firstAfter(sorted, cursor);
      for (; at < sorted.length && found.length < pageSize; at++) {
        const one = job.open.get(sorted[at] ?? "");
        if (one) found.push(one);
      }
      return { open: found, cursor: at < sorted.length ? sorted[at - 1] : undefined };
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

/** The first place in a sorted list that is behind a key. */
function firstAfter(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
