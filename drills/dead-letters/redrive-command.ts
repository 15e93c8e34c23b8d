import { type BusCommand, startBus } from "../frame/index.ts";
import { consumer } from "./names.ts";

/** Starts `bus dlq redrive` as a person would, on one group. */
export function startRedrive({
  group,
  rate,
  ...place
}: {
  readonly endpoint: string;
  readonly region: string;
  readonly group: string;
  readonly rate: number;
  readonly signal: AbortSignal;
}): BusCommand {
  const which = ["--group", group, "--rate", String(rate)];
  return startBus(["dlq", "redrive", consumer.name, ...which, "--yes", "--json"], place);
}
