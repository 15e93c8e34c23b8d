import { systemClock } from "../../src/clock.ts";
import { awaitMapping } from "./await-mapping.ts";
import type { HoldRequest, HoldResult } from "./pause.ts";

/**
 * Lifts the manual hold of a consumer, and waits until its mapping is open, where nothing else holds it. Safe to repeat.
 * Throws `HoldError` when it could not be written.
 */
export async function resume({
  consumer: { consumer, drained },
  bus: { holds, mappings, hasGovernor },
  waitMs,
  clock = systemClock,
  signal,
}: HoldRequest): Promise<HoldResult> {
  const governed = await hasGovernor();
  const before = (await holds.read([consumer]))[0]?.holds ?? [];
  const hold = before.find(({ name }) => name === "manual");
  const changed = hold !== undefined && (await holds.lift(consumer, hold, "person"));
  const others = ((await holds.read([consumer]))[0]?.holds ?? []).filter(({ name }) => name !== "manual");
  const enabled = others.length === 0;
  const mapping = drained
    ? undefined
    : await awaitMapping({
        consumer,
        enabled,
        tell: governed === false && enabled,
        mappings,
        // Held by something else: it stays closed, and that takes no time.
        waitMs: enabled ? waitMs : 0,
        clock,
        signal,
      });
  return {
    changed,
    hold,
    others,
    mapping,
    arrived: drained === true || mapping?.state === (enabled ? "Enabled" : "Disabled"),
    hasGovernor: governed,
  };
}
