import { type Clock, systemClock } from "../clock.ts";
import { SettingsError } from "../errors.ts";
import type { ObjectStore } from "./ports.ts";
import type { SegmentKind } from "./segment-kind.ts";
import { isSpanLength } from "./span.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** All segments of one kind in one store, and how they are cut. Writers and readers of a bus must agree about it. */
export interface Segments {
  readonly store: ObjectStore;
  readonly kind: SegmentKind;
  /** How long an archived span is. */
  readonly spanMs: number;
  /** How long after its end a span is sealed: longer than a writer can take, so that it is closed for good. */
  readonly graceMs: number;
  /** Digests are kept for grains of this length, by effective time. */
  readonly grainMs: number;
  /** How far back a line is looked for in what was sealed before. */
  readonly reachMs: number;
  readonly clock: Clock;
}

/** What can be left out has the defaults of `jobDefaults`. */
export type SegmentsOptions = Pick<Segments, "store" | "kind"> & Partial<Segments>;

/** Checks how segments are cut, and fills in what was left out. Throws `SettingsError` (`span-length`, `segment-times`). */
export function segmentsOf({
  store,
  kind,
  spanMs = hourMs,
  graceMs = 120_000,
  grainMs = Math.min(300_000, spanMs),
  reachMs = dayMs,
  clock = systemClock,
}: SegmentsOptions): Segments {
  if (!isSpanLength(spanMs)) {
    throw new SettingsError(
      "span-length",
      `an archived span of ${spanMs} ms cannot be named: whole minutes are, as in 3600000`,
    );
  }
  for (const [name, value] of Object.entries({ graceMs, grainMs, reachMs })) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    throw new SettingsError("segment-times", `${name} is ${value}; whole milliseconds above 0 are expected`);
  }
  return { store, kind, spanMs, graceMs, grainMs, reachMs, clock };
}
