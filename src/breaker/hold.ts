/**
 * Why a consumer's mapping is closed: somebody paused it (`manual`), a dependency is down (`breaker:payments`), or its
 * queue has nearly as many messages in flight as SQS lets it have (`overflow`).
 */
export type HoldName = "manual" | "overflow" | `breaker:${string}`;

/** One reason why a consumer is held. Times in milliseconds since the epoch. */
export interface Hold {
  readonly name: HoldName;
  readonly sinceMs: number;
  /** For people: what the dependency said, what was typed. */
  readonly why: string;
  /** Who opened it: a consumer, the governor, or a person's ARN. */
  readonly by: string;
  /** How its end is found out; only a breaker has one. */
  readonly probe?: HoldProbe;
}

export interface HoldProbe {
  /** From one probe to the next. */
  readonly everyMs: number;
  /** Whether the consumer has a `probe` of its own; else a single message is let through. */
  readonly own: boolean;
}

/** How the last probe of a consumer went, and when the next one is due. */
export interface ProbeNote {
  readonly atMs: number;
  readonly nextMs: number;
  readonly verdict: ProbeVerdict;
  /** What it said, where it was not `up`. */
  readonly why: string;
  /** Probes in a row that could not be made, or taught nothing. */
  readonly tries?: number;
}

/** `unknown`: it could not be tried, or it taught nothing. */
export type ProbeVerdict = "up" | "down" | "unknown";

/** Recovery under way: the mapping asks for `step` batches at once, since `sinceMs`; absent: it was not seen there yet. */
export interface Ramp {
  readonly step: number;
  readonly sinceMs?: number;
}

/** All that is written down about one consumer's holds. */
export interface ConsumerHolds {
  readonly consumer: string;
  /** The open ones, oldest first. */
  readonly holds: readonly Hold[];
  readonly probe: ProbeNote | undefined;
  readonly ramp: Ramp | undefined;
}

const breakerPrefix = "breaker:";

/** The hold of a dependency. */
export function breakerOf(dependency: string): HoldName {
  return `${breakerPrefix}${dependency}`;
}

/** The dependency whose breaker this is; `undefined`: it is none. */
export function dependencyOf(name: HoldName): string | undefined {
  return name.startsWith(breakerPrefix) ? name.slice(breakerPrefix.length) : undefined;
}
