import { type Clock, systemClock } from "../clock.ts";
import type { Leases } from "./ports.ts";

/** `Leases` in this process's memory, for tests and single runs. */
export function inMemoryLeases({ clock = systemClock }: { clock?: Clock } = {}): Leases {
  const leases = new Map<string, { readonly owner: string; readonly endsMs: number }>();
  return {
    async take(name, owner, endsMs) {
      const lease = leases.get(name);
      if (lease && lease.owner !== owner && lease.endsMs > clock.nowMs()) {
        return { status: "held", untilMs: lease.endsMs };
      }
      leases.set(name, { owner, endsMs });
      return { status: "ours" };
    },
    async renew(name, owner, endsMs) {
      if (leases.get(name)?.owner !== owner) return false;
      leases.set(name, { owner, endsMs });
      return true;
    },
    async release(name, owner) {
      if (leases.get(name)?.owner === owner) leases.delete(name);
    },
  };
}
