/** The `Date` header's grain: the store's time lies somewhere in the second it names. */
const grainMs = 1_000;
/** What was seen one or two of these ago is forgotten: clocks drift, and are set right. */
const periodMs = 30_000;

/**
 * Tells by how much our clock is off the store's, from calls that are made anyway. Each answer bounds the offset: the
 * store answered in the second that it names, between our sending and our receiving. Every answer narrows the bounds,
 * most of all those around the turn of a second; what all of them allow is what is known.
 */
export interface ClockGauge {
  /** Takes in one answer. */
  observe(sentMs: number, receivedMs: number, storeMs: number): void;
  /** The smallest offset that explains all that was seen, in milliseconds: positive where ours is ahead. */
  offsetMs(nowMs: number): number;
}

/** What the answers of one period allow. */
interface Bounds {
  readonly period: number;
  lowMs: number;
  highMs: number;
}

/** Makes a `ClockGauge` that has seen nothing. */
export function clockGauge(): ClockGauge {
  let bounds: Bounds[] = [];
  const periodOf = (ms: number) => Math.floor(ms / periodMs);
  const recent = (nowMs: number) => bounds.filter(({ period }) => Math.abs(periodOf(nowMs) - period) <= 1);

  return {
    observe(sentMs, receivedMs, storeMs) {
      const period = periodOf(receivedMs);
      let current = bounds.find((one) => one.period === period);
      if (!current) {
        current = { period, lowMs: Number.NEGATIVE_INFINITY, highMs: Number.POSITIVE_INFINITY };
        bounds = [...recent(receivedMs), current];
      }
      current.lowMs = Math.max(current.lowMs, sentMs - storeMs - grainMs);
      current.highMs = Math.min(current.highMs, receivedMs - storeMs);
    },
    offsetMs(nowMs) {
      const seen = recent(nowMs);
      const lowMs = Math.max(...seen.map((one) => one.lowMs));
      return lowMs > 0 ? lowMs : Math.min(0, ...seen.map((one) => one.highMs));
    },
  };
}
