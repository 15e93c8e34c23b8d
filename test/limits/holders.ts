import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { type Clock, sleep } from "../../src/clock.ts";
import { createLimiter, inMemoryLimits, type LimitStore, type RateLimit } from "../../src/limits/index.ts";

/** What goes wrong around the holders of a rate. */
export interface Weather {
  readonly holders: number;
  readonly seconds: number;
  readonly seed: number;
  /** Each holder's clock is off by something in ± half of this. */
  readonly skewMs: number;
  /** Chance that a timer comes late by up to 200 ms, or early. */
  readonly badTimers: number;
  /** By how much one is early. @default 3 */
  readonly earlyMs?: number;
  /** A holder that believes its timers: when one has fired, its clock reads what that was set for. */
  readonly trustsTimers?: boolean;
  /** Chance that a holder dies with its reservation. */
  readonly crashes: number;
  /** Up to how many events it takes at once. */
  readonly batch: number;
}

/** Lets holders that share nothing but a store start as much as they may; answers the true times of all starts. */
export async function startsOf(limit: RateLimit, weather: Weather): Promise<readonly number[]> {
  const clock = virtualClock({ seed: weather.seed });
  const store = distant(inMemoryLimits({ clock }), clock);
  const starts: number[] = [];
  const endMs = clock.nowMs() + weather.seconds * 1_000;

  const hold = async (): Promise<void> => {
    const own = holdersClock(clock, weather);
    const limiter = createLimiter({ limits: [limit], store, clock: own });
    while (clock.nowMs() < endMs) {
      const events = Array.from({ length: 1 + Math.floor(clock.random() * weather.batch) }, (_, index) => ({
        id: `${index}`,
        source: "/test",
        type: "t.happened",
        data: {},
      }));
      const reservation = await limiter.reserve(events);
      const dies = clock.random() < weather.crashes;
      const survivors = dies ? Math.floor(clock.random() * events.length) : events.length;
      const laterMs: number[] = [];
      await Promise.all(
        reservation.places.slice(0, survivors).map(async (place) => {
          if (place.status === "later") laterMs.push(place.atMs);
          else if ((await place.slot.wait()) === "start") starts.push(clock.nowMs());
        }),
      );
      if (dies) return hold();
      await reservation.close();
      await sleep(own, Math.max(1, Math.min(...laterMs, own.nowMs() + 5) - own.nowMs()));
    }
  };

  await clock.until(Promise.all(Array.from({ length: weather.holders }, hold)));
  return starts.sort((left, right) => left - right);
}

/** The most starts in any half-open window, at any position. */
export function mostInAnyWindow(starts: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  starts.forEach((start, index) => {
    while (start - (starts[first] as number) >= windowMs) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

function holdersClock(
  clock: VirtualClock,
  { skewMs, badTimers, earlyMs = 3, trustsTimers = false }: Weather,
): Clock {
  const offsetMs = Math.round((clock.random() - 0.5) * skewMs);
  let believedMs = Number.NEGATIVE_INFINITY;
  const nowMs = () => Math.max(clock.nowMs() + offsetMs, believedMs);
  return {
    ...clock,
    nowMs,
    after: (delayMs, fire) => {
      const dueMs = nowMs() + delayMs;
      const fireAsDue = () => {
        if (trustsTimers) believedMs = Math.max(believedMs, dueMs);
        fire();
      };
      if (clock.random() >= badTimers) return clock.after(delayMs, fireAsDue);
      const offMs = clock.random() < 0.3 ? -earlyMs : clock.random() * 200;
      return clock.after(Math.max(0, delayMs + offMs), fireAsDue);
    },
  };
}

/** The same store behind a network: both ways take their time. */
function distant(store: LimitStore, clock: VirtualClock): LimitStore {
  const way = () => sleep(clock, 1 + clock.random() * 8);
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    await way();
    const answer = await work();
    await way();
    return answer;
  };
  return {
    reserve: (request) => call(() => store.reserve(request)),
    giveBack: (grant, unused) => call(() => store.giveBack(grant, unused)),
  };
}
