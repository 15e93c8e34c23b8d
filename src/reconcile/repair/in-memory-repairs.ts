import type { AuditEntry, Marked, RepairState, RepairStore, Stopped } from "./repair-store.ts";

interface Job {
  readonly markers: Map<string, Marked>;
  readonly audit: AuditEntry[];
  stopped: Stopped | undefined;
  resumedMs: number | undefined;
}

/** A `RepairStore` in this process's memory, for tests and single runs. */
export function inMemoryRepairs(): RepairStore {
  const jobs = new Map<string, Job>();
  const jobOf = (name: string): Job => {
    const known = jobs.get(name);
    if (known) return known;
    const made: Job = { markers: new Map(), audit: [], stopped: undefined, resumedMs: undefined };
    jobs.set(name, made);
    return made;
  };

  return {
    markers: async (name, keys) => keys.map((key) => jobOf(name).markers.get(key)),
    async mark(name, key, marker, revision, entry) {
      const { markers, audit } = jobOf(name);
      if ((markers.get(key)?.revision ?? 0) !== revision) return false;
      markers.set(key, { marker, revision: revision + 1 });
      if (entry) audit.push(entry);
      return true;
    },
    begun: async (name) =>
      [...jobOf(name).markers]
        .filter(([, { marker }]) => marker.state === "begun")
        .map(([key]) => key)
        .slice(0, 100),
    async audit(name, { cursor = "0", limit = 100 } = {}) {
      const newest = [...jobOf(name).audit]
        .reverse()
        .sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0));
      const from = Number(cursor);
      const to = from + limit;
      return { entries: newest.slice(from, to), ...(to < newest.length && { cursor: String(to) }) };
    },
    async state(name): Promise<RepairState> {
      const { stopped, resumedMs } = jobOf(name);
      return { stopped, resumedMs };
    },
    async stop(name, stopped) {
      const job = jobOf(name);
      if (job.stopped) return;
      job.stopped = stopped;
      job.audit.push({ what: "stopped", at: isoOf(stopped.atMs), by: "schedule", message: stopped.message });
    },
    async resume(name, { atMs, by }) {
      const job = jobOf(name);
      const message = job.stopped ? `after: ${job.stopped.message}` : "it was not stopped";
      Object.assign(job, { stopped: undefined, resumedMs: atMs });
      job.audit.push({ what: "resumed", at: isoOf(atMs), by, message });
    },
  };
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
