import { type Clock, systemClock } from "../clock.ts";
import { LimitError } from "../errors.ts";
import { clockGauge } from "./clock-gauge.ts";
import { checkLimits, type Limit, type LimitedEvent, type RateLimit } from "./limit.ts";
import { limitKey } from "./limit-key.ts";
import { partsInTurn } from "./parts-in-turn.ts";
import type { LimitStore, SlotGrant, SlotRequest } from "./ports.ts";
import { holdGrants, type Place, type Reservation } from "./reservation.ts";
import type { SlotRow } from "./slot-row.ts";

/** One process's hand on the limits of a consumer. */
export interface Limiter {
  /**
   * Reserves a slot for each event, one store call for all events of equal keys. Slots that do not fit into the
   * horizon are not reserved: their events come back `later`.
   *
   * Throws `LimitError`: `limits-unavailable`, or `clock-skew` where this process's clock is too far from the store's
   * to keep a rate. Nothing may be started then.
   */
  reserve(events: readonly LimitedEvent[], between?: Between): Promise<Reservation>;
}

/** When slots may be. Milliseconds since the epoch. */
export interface Between {
  /** @default as soon as the store's answer is there */
  readonly firstStartMs?: number;
  /** @default as far as the horizon of the limits allows */
  readonly lastStartMs?: number;
}

/** What the answer of a first call may take; then what calls took. */
const firstLeadMs = 15;

/**
 * Makes the limiter of one process. `toleranceMs`: how far its clock may seem off the store's before it refuses; the
 * store's `Date` is trusted no further than that.
 */
export function createLimiter({
  limits,
  store,
  clock = systemClock,
  toleranceMs = 100,
}: {
  readonly limits: readonly Limit[];
  readonly store: LimitStore;
  readonly clock?: Clock;
  readonly toleranceMs?: number;
}): Limiter {
  checkLimits(limits);
  const rates = limits.filter((limit): limit is RateLimit => limit.kind === "rate");
  const latenessMs = Math.min(Number.POSITIVE_INFINITY, ...rates.map((rate) => rate.latenessMs));
  const horizonMs = Math.min(60_000, ...rates.map((rate) => rate.horizonMs));
  const gauge = clockGauge();
  const parts = partsInTurn(pacesOf(rates), clock);
  let leadMs = firstLeadMs;

  const timed = async <T extends { storeMs?: number | undefined }>(call: () => Promise<T>): Promise<T> => {
    const sentMs = clock.nowMs();
    const answer = await call();
    const receivedMs = clock.nowMs();
    leadMs = Math.min(horizonMs / 4, Math.max(receivedMs - sentMs + 2, leadMs * 0.9));
    if (answer.storeMs !== undefined) gauge.observe(sentMs, receivedMs, answer.storeMs);
    return answer;
  };

  const request = (
    events: readonly LimitedEvent[],
    slots: number,
    at: number,
    { firstStartMs = 0, lastStartMs }: Between,
  ): SlotRequest => {
    const nowMs = clock.nowMs();
    const [event] = events as [LimitedEvent];
    const items = rates.map((rate) => {
      const part = at % rate.parts.length;
      return { key: limitKey(rate, event, part), spacingMicros: rate.parts[part]?.spacingMicros ?? 0 };
    });
    const widestMicros = Math.max(0, ...items.map(({ spacingMicros }) => spacingMicros));
    const soonestMs = Math.ceil(nowMs + (rates.length > 0 ? leadMs : 0));
    const quotas = limits.flatMap((limit) => {
      if (limit.kind !== "quota") return [];
      const bucket = Math.floor(nowMs / limit.windowMs);
      const endsMicros = (bucket + 1) * limit.windowMs * 1_000;
      return [{ key: limitKey(limit, event, bucket), count: limit.count, endsMicros }];
    });
    // A start counts for the bucket that it was asked for in.
    const lastMicros = Math.min(
      (lastStartMs ?? 0) * 1_000,
      ...quotas.map(({ endsMicros }) => endsMicros - 1),
    );
    return {
      rates: items,
      quotas,
      slots,
      earliestMicros: Math.max(soonestMs, firstStartMs) * 1_000,
      // The items stand one distance behind the last slot.
      latestMicros: lastStartMs === undefined ? (nowMs + horizonMs) * 1_000 : lastMicros + widestMicros,
    };
  };

  const refuseSkew = () => {
    const offsetMs = gauge.offsetMs(clock.nowMs());
    if (Math.abs(offsetMs) <= toleranceMs) return;
    throw new LimitError(
      "clock-skew",
      `this process's clock is at least ${Math.abs(Math.round(offsetMs))} ms ${offsetMs > 0 ? "ahead of" : "behind"} the limits' store; ${toleranceMs} ms are tolerated, for a rate cannot be kept by a wrong clock: set the clock (NTP), then it goes on by itself`,
      { retryable: true },
    );
  };

  /** All events here have equal keys. Takes what fits, then asks the other parts of a split limit for the rest. */
  const reserveAlike = async (
    events: readonly LimitedEvent[],
    grants: SlotGrant[],
    between: Between,
  ): Promise<number> => {
    let left = events.length;
    let roomAtMs = Number.POSITIVE_INFINITY;
    for (const part of parts.order()) {
      if (left === 0) break;
      let slots = left;
      // Twice: once for all, and once for what the first answer said would fit.
      for (let attempt = 0; attempt < 2 && slots > 0; attempt++) {
        const answer = await timed(() => store.reserve(request(events, slots, part, between)));
        if (answer.status === "granted") {
          grants.push(answer.grant);
          parts.took(part, answer.grant.request.slots);
          left -= answer.grant.request.slots;
          break;
        }
        if (answer.status === "contended") {
          roomAtMs = Math.min(roomAtMs, clock.nowMs() + leadMs);
          break;
        }
        roomAtMs = Math.min(roomAtMs, Math.ceil(answer.roomAtMicros / 1_000));
        slots = Math.min(answer.fits, slots - 1);
      }
    }
    return Math.max(clock.nowMs(), Number.isFinite(roomAtMs) ? roomAtMs : clock.nowMs() + horizonMs);
  };

  return {
    async reserve(events, between = {}) {
      const alike = new Map<string, { readonly index: number; readonly event: LimitedEvent }[]>();
      events.forEach((event, index) => {
        const key = limits.map((limit) => limitKey(limit, event, 0)).join("\n");
        const group = alike.get(key) ?? [];
        group.push({ index, event });
        alike.set(key, group);
      });
      const places: Place[] = new Array(events.length);
      const { add, keep, close } = holdGrants({ store, clock, latenessMs, leadMs: () => leadMs });
      try {
        for (const group of alike.values()) {
          const grants: SlotGrant[] = [];
          let row: SlotRow | undefined;
          const laterMs = await reserveAlike(
            group.map(({ event }) => event),
            grants,
            between,
          ).finally(() => {
            row = add(grants);
          });
          refuseSkew();
          group.forEach(({ index }, at) => {
            const slot = row?.slots[at];
            places[index] = slot ? { status: "slot", slot } : { status: "later", atMs: laterMs };
          });
        }
      } catch (error) {
        await close();
        throw error;
      }
      return { places, keep, close };
    },
  };
}

/** How fast each part gives starts, all rates kept; one part where there is no rate. */
function pacesOf(rates: readonly RateLimit[]): readonly number[] {
  const most = Math.max(1, ...rates.map((rate) => rate.parts.length));
  return Array.from({ length: most }, (_, part) => {
    const spacings = rates.map((rate) => rate.parts[part % rate.parts.length]?.spacingMicros ?? 0);
    return 1 / Math.max(1, ...spacings);
  });
}
