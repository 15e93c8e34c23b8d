import { arrivalAfter, type LimitItems } from "./judge-slots.ts";
import type { SlotGrant, SlotRequest } from "./ports.ts";

/** How many items are remembered: a wrong memory costs one refused write. */
const memory = 10_000;

interface Seen {
  readonly value: number;
  /** Whether others have moved it since we had last seen it. */
  readonly isShared: boolean;
}

/** What one process has last seen of the items of limits: which write will do is told from that. */
export interface SeenItems {
  /** What stood there. */
  of(request: SlotRequest): LimitItems;
  /** Whether others are at work on a rate: it stands further on than we left it, and probably ahead of the clock. */
  isShared(key: string): boolean;
  /** Takes in what a write has told. `before`: what `of` answered when the reservation began. */
  note(request: SlotRequest, items: LimitItems, before: LimitItems): void;
  /** Takes in a reservation of ours. */
  noteGrant(grant: SlotGrant, before: LimitItems): void;
  /** Whether somebody has reserved behind a grant of ours, as far as is known. */
  isBehind(grant: SlotGrant): boolean;
  forget(request: SlotRequest): void;
}

/** Makes `SeenItems` that have seen nothing. */
export function seenItems(): SeenItems {
  const known = new Map<string, Seen>();
  const remember = (key: string, value: number | undefined, isShared = false) => {
    known.delete(key);
    if (value === undefined) return;
    known.set(key, { value, isShared });
    const [oldest] = known.keys();
    if (known.size > memory && oldest !== undefined) known.delete(oldest);
  };
  /** Where the item would have stood, had nobody else been there. */
  const expected = (request: SlotRequest, before: number | undefined) =>
    Math.max(request.earliestMicros, before ?? 0);

  return {
    of: (request) => ({
      arrivals: request.rates.map(({ key }) => known.get(key)?.value),
      used: request.quotas.map(({ key }) => known.get(key)?.value),
    }),
    isShared: (key) => known.get(key)?.isShared ?? false,
    note(request, items, before) {
      request.rates.forEach(({ key }, index) => {
        const arrival = items.arrivals[index];
        remember(key, arrival, (arrival ?? 0) > expected(request, before.arrivals[index]));
      });
      request.quotas.forEach(({ key }, index) => {
        remember(key, items.used[index]);
      });
    },
    noteGrant({ request, startMicros }, before) {
      request.rates.forEach((rate, index) => {
        const isShared = startMicros > expected(request, before.arrivals[index]);
        remember(rate.key, arrivalAfter(request, rate, startMicros), isShared);
      });
      for (const { key } of request.quotas) remember(key, (known.get(key)?.value ?? 0) + request.slots);
    },
    isBehind: ({ request, startMicros }) =>
      request.rates.some(
        (rate) => (known.get(rate.key)?.value ?? 0) > arrivalAfter(request, rate, startMicros),
      ),
    forget(request) {
      for (const { key } of [...request.rates, ...request.quotas]) remember(key, undefined);
    },
  };
}
