import { type Clock, systemClock } from "../clock.ts";
import { arrivalAfter, judgeSlots, spacingOf } from "./judge-slots.ts";
import type { LimitStore } from "./ports.ts";

/** Limits in this process's memory, for tests and simulations. Its clock is the store's own. */
export function inMemoryLimits({ clock = systemClock }: { clock?: Clock } = {}): LimitStore {
  const arrivals = new Map<string, number>();
  const used = new Map<string, number>();

  return {
    async reserve(request) {
      const storeMs = Math.floor(clock.nowMs() / 1_000) * 1_000;
      const judged = judgeSlots(request, {
        arrivals: request.rates.map((rate) => arrivals.get(rate.key)),
        used: request.quotas.map((quota) => used.get(quota.key)),
      });
      if (judged.status === "full") return { ...judged, storeMs };
      const { startMicros } = judged;
      for (const rate of request.rates) arrivals.set(rate.key, arrivalAfter(request, rate, startMicros));
      for (const { key } of request.quotas) used.set(key, (used.get(key) ?? 0) + request.slots);
      return { status: "granted", grant: { request, startMicros }, storeMs };
    },

    async giveBack({ request, startMicros }, unused) {
      const kept = request.slots - unused;
      const untouched = request.rates.every(
        (rate) => arrivals.get(rate.key) === arrivalAfter(request, rate, startMicros),
      );
      if (!untouched) return false;
      const freeMicros = startMicros + kept * spacingOf(request);
      for (const rate of request.rates) {
        arrivals.set(rate.key, kept > 0 ? arrivalAfter(request, rate, startMicros, kept) : freeMicros);
      }
      for (const { key } of request.quotas) used.set(key, Math.max(0, (used.get(key) ?? 0) - unused));
      return true;
    },
  };
}
