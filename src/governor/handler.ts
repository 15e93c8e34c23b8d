import { dynamoHolds } from "../breaker/index.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { JobSettings } from "../env.ts";
import { dynamoLeases } from "../leases/index.ts";
import { jobsTableName } from "../names.ts";
import { type Sink, standardOutput } from "../telemetry/index.ts";
import { functionProbes } from "./function-probes.ts";
import { type GovernorEnd, govern, leaseMs } from "./govern.ts";
import { lambdaMappings } from "./lambda-mappings.ts";
import type { GovernorParts } from "./parts.ts";
import { sqsInFlight } from "./sqs-in-flight.ts";

/** Longer than the minute between two scheduled runs, so that one stands by at the end of the one at work. */
const scheduledStandbyMs = 65_000;
/** Whoever wrote is heard by the one at work; if that has died, its lease is over by then. */
const wokenStandbyMs = leaseMs + 3_000;

/** A governor's Lambda function: run by a schedule, and by what is written about holds. Answers how the run ended. */
export type GovernorHandler = (
  event: { readonly Records?: unknown } | null,
  context: { getRemainingTimeInMillis(): number },
) => Promise<GovernorEnd>;

/** Makes the function that governs a bus. */
export function governor(
  { bus, account, region }: Pick<JobSettings, "bus" | "account" | "region">,
  {
    clock = systemClock,
    sink = standardOutput,
    ...given
  }: Partial<GovernorParts> & { readonly clock?: Clock; readonly sink?: Sink } = {},
): GovernorHandler {
  const table = jobsTableName(bus);
  const parts: GovernorParts = {
    bus,
    holds: dynamoHolds({ table, clock }),
    leases: dynamoLeases({ table, clock }),
    mappings: lambdaMappings({ bus }),
    probes: functionProbes({ bus, account, region }),
    inFlight: sqsInFlight(),
    clock,
    sink,
    ...given,
  };
  return (event, context) =>
    govern(parts, {
      remainingMs: () => context.getRemainingTimeInMillis(),
      standbyMs: event?.Records === undefined ? scheduledStandbyMs : wokenStandbyMs,
    });
}
