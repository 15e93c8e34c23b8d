import { type Clock, systemClock } from "../clock.ts";
import { LimitError } from "../errors.ts";
import { clockGauge } from "./clock-gauge.ts";
import { spacingOf } from "./judge-slots.ts";
import { checkLimits, type Limit, type LimitedEvent, type RateLimit } from "./limit.ts";
import { limitKey } from "./limit-key.ts";
import type { LimitStore, SlotGrant, SlotRequest } from "./ports.ts";
import { type OwnedStart, ownedStart, type Slot } from "./slot.ts";
import { type SlotRow, slotRow } from "./slot-row.ts";

/** One process's hand on the limits of a consumer. */
export interface Limiter {
  /**
   * Reserves a slot for each event, one store call for all events of equal keys. Slots that do not fit into the
   * horizon are not reserved: their events come back `later`.
   *
   * Throws `LimitError`: `limits-unavailable`, or `clock-skew` where this process's clock is too far from the store's
   * to keep a rate. Nothing may be started then.
   */
  reserve(events: readonly LimitedEvent[]): Promise<Reservation>;
}

export interface Reservation {
  /** One for each event, in order. */
  readonly places: readonly Place[];
  /** Revokes what was not used, and gives it back to the limit where that still can be. Never throws. */
  close(): Promise<void>;
}

export type Place =
  | { readonly status: "slot"; readonly slot: Slot }
  /** There was no room; ask again at this time at the earliest (milliseconds since the epoch). */
  | { readonly status: "later"; readonly atMs: number };

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
  let leadMs = firstLeadMs;

  const timed = async <T extends { storeMs?: number | undefined }>(call: () => Promise<T>): Promise<T> => {
    const sentMs = clock.nowMs();
    const answer = await call();
    const receivedMs = clock.nowMs();
    leadMs = Math.min(horizonMs / 4, Math.max(receivedMs - sentMs + 2, leadMs * 0.9));
    if (answer.storeMs !== undefined) gauge.observe(sentMs, receivedMs, answer.storeMs);
    return answer;
  };

  const request = (events: readonly LimitedEvent[], slots: number, turn: number): SlotRequest => {
    const nowMs = clock.nowMs();
    const [event] = events as [LimitedEvent];
    return {
      rates: rates.map((rate) => {
        const part = turn % rate.parts.length;
        return { key: limitKey(rate, event, part), spacingMicros: rate.parts[part]?.spacingMicros ?? 0 };
      }),
      quotas: limits.flatMap((limit) => {
        if (limit.kind !== "quota") return [];
        const bucket = Math.floor(nowMs / limit.windowMs);
        const endsMicros = (bucket + 1) * limit.windowMs * 1_000;
        return [{ key: limitKey(limit, event, bucket), count: limit.count, endsMicros }];
      }),
      slots,
      earliestMicros: Math.ceil(nowMs + (rates.length > 0 ? leadMs : 0)) * 1_000,
      latestMicros: (nowMs + horizonMs) * 1_000,
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
  const reserveAlike = async (events: readonly LimitedEvent[], grants: SlotGrant[]): Promise<number> => {
    const turns = Math.max(1, ...rates.map((rate) => rate.parts.length));
    const first = Math.floor(clock.random() * turns);
    let left = events.length;
    let roomAtMs = Number.POSITIVE_INFINITY;
    for (let turn = first; turn < first + turns && left > 0; turn++) {
      let slots = left;
      // Twice: once for all, and once for what the first answer said would fit.
      for (let attempt = 0; attempt < 2 && slots > 0; attempt++) {
        const answer = await timed(() => store.reserve(request(events, slots, turn)));
        if (answer.status === "granted") {
          grants.push(answer.grant);
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

  const giveBack = async (held: readonly Held[], rows: readonly SlotRow[]) => {
    for (const row of rows) row.revoke();
    for (const { grant, starts } of held) {
      // Nobody can use what has passed, but for a quota's.
      const soonMs = grant.request.quotas.length > 0 ? Number.NEGATIVE_INFINITY : clock.nowMs() + leadMs;
      const unused =
        starts.length - 1 - starts.findLastIndex(({ used, startMs }) => used || startMs <= soonMs);
      // A failure costs the limit some room, and nothing else.
      if (unused > 0) await store.giveBack(grant, unused).catch(() => false);
    }
  };

  return {
    async reserve(events) {
      const alike = new Map<string, { readonly index: number; readonly event: LimitedEvent }[]>();
      events.forEach((event, index) => {
        const key = limits.map((limit) => limitKey(limit, event, 0)).join("\n");
        const group = alike.get(key) ?? [];
        group.push({ index, event });
        alike.set(key, group);
      });
      const places: Place[] = new Array(events.length);
      const held: Held[] = [];
      const rows: SlotRow[] = [];
      try {
        for (const group of alike.values()) {
          const grants: SlotGrant[] = [];
          const laterMs = await reserveAlike(
            group.map(({ event }) => event),
            grants,
          ).finally(() => {
            for (const grant of grants) held.push({ grant, starts: startsOf(grant, latenessMs) });
          });
          refuseSkew();
          const own = held.filter(({ grant }) => grants.includes(grant)).flatMap(({ starts }) => starts);
          const row = slotRow(own, clock);
          rows.push(row);
          group.forEach(({ index }, at) => {
            const slot = row.slots[at];
            places[index] = slot ? { status: "slot", slot } : { status: "later", atMs: laterMs };
          });
        }
      } catch (error) {
        await giveBack(held, rows);
        throw error;
      }
      return { places, close: () => giveBack(held, rows) };
    },
  };
}

/** A grant with its starts, in order. */
interface Held {
  readonly grant: SlotGrant;
  readonly starts: readonly OwnedStart[];
}

function startsOf(grant: SlotGrant, latenessMs: number): readonly OwnedStart[] {
  const spacing = spacingOf(grant.request);
  return Array.from({ length: grant.request.slots }, (_, index) =>
    ownedStart(grant.startMicros + index * spacing, latenessMs),
  );
}
