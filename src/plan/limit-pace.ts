import type { LimitSharer, PlannedLimit } from "./planned-consumer.ts";

/** What a rate allows in the long run. */
export interface LimitPace {
  readonly limit: PlannedLimit;
  /** Starts a second that are really to be had: the distance of two starts also holds what may come late. */
  readonly perSecond: number;
  /** The same, less what others are expected to take. */
  readonly leftPerSecond: number;
  /** Between two starts of one item. Milliseconds; 0 for a quota. */
  readonly spacingMs: number;
  readonly items: number;
}

/** The pace of a limit; `undefined` for one with a key: how many keys there are at once, nobody knows here. */
export function limitPace(limit: PlannedLimit, sharers: readonly LimitSharer[]): LimitPace | undefined {
  if (limit.key !== undefined) return undefined;
  const parts = limit.parts ?? [];
  const perSecond =
    limit.kind === "quota"
      ? (limit.count * 1_000) / limit.windowMs
      : parts.reduce((sum, { spacingMicros }) => sum + 1_000_000 / spacingMicros, 0);
  const others = sharers
    .filter((sharer) => sharer.limit === limit.name)
    .reduce((sum, sharer) => sum + (sharer.perSecond ?? 0), 0);
  return {
    limit,
    perSecond,
    leftPerSecond: Math.max(0, perSecond - others),
    spacingMs: Math.max(0, ...parts.map(({ spacingMicros }) => spacingMicros / 1_000)),
    items: Math.max(1, parts.length),
  };
}
