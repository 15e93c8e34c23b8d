import type { Between, LimitedEvent, Limiter, Place, Reservation } from "../../limits/index.ts";

/**
 * A limiter that hands out the starts of a reservation made before, one for each event, in order. What comes beyond (a
 * message with several events, a start that came late, a second call of a handler) asks the limiter itself, for starts until
 * `lastStartMs`.
 */
export function prepaidLimiter(prepaid: Reservation, limiter: Limiter, lastStartMs: () => number): Limiter {
  let next = 0;
  return {
    async reserve(events: readonly LimitedEvent[], between?: Between): Promise<Reservation> {
      const places: Place[] = [];
      for (const place of prepaid.places.slice(next, next + events.length)) {
        if (place.status === "slot") places.push(place);
      }
      next += places.length;
      const rest = events.slice(places.length);
      const more =
        rest.length > 0 ? await limiter.reserve(rest, { lastStartMs: lastStartMs(), ...between }) : undefined;
      return {
        places: [...places, ...(more?.places ?? [])],
        keep: async () => {},
        async close() {
          await more?.close();
        },
      };
    },
  };
}
