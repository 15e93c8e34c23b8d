import type { ConsumerRef } from "../../ops/find-consumers.ts";
import type { HoldResult } from "../../ops/holds/index.ts";
import type { Target } from "../../ops/target.ts";
import type { Hold } from "../../src/breaker/index.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { spanText } from "../span-text.ts";
import { UsageError } from "../usage-error.ts";

/** Throws `UsageError` in the real cloud, unless it is meant. */
export function refuseRealCloud({ isRealCloud, identity }: Target, yes: boolean): void {
  if (!isRealCloud || yes) return;
  throw new UsageError(
    `this is the real cloud, account ${identity?.account ?? "unknown"}: nothing was changed. Give --yes to do it there, or set AWS_ENDPOINT_URL, as in http://127.0.0.1:4566`,
  );
}

/** Since when, by whom and why. */
export function heldText({ sinceMs, by, why }: Hold, clock: Clock = systemClock): string {
  return `for ${spanText(clock.nowMs() - sinceMs)}, by ${by}${why === "" ? "" : `: ${why}`}`;
}

/** How far the mapping is, and who sees to it; or that there is none to wait for. */
export function untilText({
  arrived,
  mapping,
  hasGovernor,
  wanted,
  consumer: { bus, drained },
}: Pick<HoldResult, "arrived" | "mapping" | "hasGovernor"> & {
  readonly wanted: "open" | "closed";
  readonly consumer: Pick<ConsumerRef, "bus" | "drained">;
}): string {
  if (drained) {
    return wanted === "closed"
      ? "a schedule drains it: a run that is at work starts nothing more, and the next ones nothing at all"
      : "a schedule drains it: the next run, within a minute, goes on";
  }
  const alone = `no governor is deployed (${bus}-governor): the mapping was told from here, and a deployment may ${wanted === "closed" ? "open" : "close"} it again`;
  if (mapping === undefined) return "no mapping reads its queue";
  if (arrived)
    return hasGovernor === false ? `its mapping is ${wanted}; ${alone}` : `its mapping is ${wanted}`;
  const state = `its mapping is ${mapping.state} still`;
  if (hasGovernor === false) return `${state}; ${alone}`;
  const meanwhile = wanted === "closed" ? "; what it hands out goes back unrun" : "";
  return `${state}${meanwhile}: bus status tells when it is ${wanted}, ${bus}-governor's log why not`;
}
