import type { HoldStore } from "../breaker/index.ts";
import type { Clock } from "../clock.ts";
import { describeError } from "../errors.ts";
import type { Leases } from "../leases/index.ts";
import type { Probes } from "../probing/index.ts";
import { type LogFields, logLine, type Sink } from "../telemetry/index.ts";
import type { InFlight, Mappings } from "./ports.ts";

/** What a governor stands on. */
export interface GovernorParts {
  readonly bus: string;
  readonly holds: HoldStore;
  readonly leases: Leases;
  readonly mappings: Mappings;
  readonly probes: Probes;
  readonly inFlight: InFlight;
  readonly clock: Clock;
  readonly sink: Sink;
}

/** Says what was done. */
export function say({ clock, sink }: Pick<GovernorParts, "clock" | "sink">, fields: LogFields): void {
  logLine("info", fields, { timeMs: clock.nowMs(), sink });
}

/** Says what could not be done, and will be tried again. */
export function complain(
  { clock, sink }: Pick<GovernorParts, "clock" | "sink">,
  fields: LogFields,
  thrown: unknown,
): void {
  const { name: error, message: why } = describeError(thrown);
  logLine("warn", { ...fields, error, why }, { timeMs: clock.nowMs(), sink });
}
