import type { ConsumerHolds } from "../breaker/index.ts";
import { type MappingFacts, nextProbeMs, probeConsumer, probeDueMs } from "../probing/index.ts";
import { emitMetrics } from "../telemetry/index.ts";
import { decide } from "./decide.ts";
import { complain, type GovernorParts, say } from "./parts.ts";
import { watchOverflow } from "./watch-overflow.ts";

/** Probes of one governor, by consumer. */
export interface Probing {
  /** Under way. None rejects. */
  readonly running: Map<string, Promise<void>>;
  /** When the next one may begin, also where the last one could not be written down. */
  readonly notBeforeMs: Map<string, number>;
}

/** What a look goes by. */
export interface Look {
  readonly stepMs: number;
  /** Whether queues are asked how much they have in flight, and what is held is measured: once a minute. */
  readonly looksAtQueues: boolean;
  readonly mayProbe: boolean;
  readonly probing: Probing;
}

/** A mapping takes seconds to a minute to do as it was told. */
const settleMs = 2_000;

/**
 * Looks at every mapping once, and brings each a step nearer to where it should be. Answers when to look again;
 * `undefined`: when somebody has written. Never throws.
 */
export async function lookAround(parts: GovernorParts, look: Look): Promise<number | undefined> {
  const { mappings, holds, clock } = parts;
  try {
    const listed = await mappings.list();
    const items = await holds.read(listed.map(({ consumer }) => consumer));
    const dues = await Promise.all(
      listed.map((mapping, index) => settle(mapping, items[index] as ConsumerHolds, parts, look)),
    );
    return soonest(...dues);
  } catch (thrown) {
    complain(parts, { message: "mappings and holds cannot be read now" }, thrown);
    return clock.nowMs() + settleMs;
  }
}

async function settle(
  mapping: MappingFacts,
  item: ConsumerHolds,
  parts: GovernorParts,
  look: Look,
): Promise<number | undefined> {
  const { consumer } = item;
  try {
    if (look.looksAtQueues) measure(item, parts);
    if (look.looksAtQueues && (await watchOverflow(mapping, item, parts))) return parts.clock.nowMs();
    const movedMs = await move(mapping, item, parts, look.stepMs);
    return soonest(movedMs, probe(mapping, item, parts, look));
  } catch (thrown) {
    complain(parts, { message: "a consumer cannot be governed now", consumer }, thrown);
    return parts.clock.nowMs() + settleMs;
  }
}

/** Once a minute: what alarms go by. */
function measure({ consumer, holds: [oldest] }: ConsumerHolds, { bus, clock, sink }: GovernorParts): void {
  if (!oldest) return;
  const timeMs = clock.nowMs();
  emitMetrics({
    dimensions: { Bus: bus, Consumer: consumer },
    timeMs,
    values: { HeldMs: Math.max(0, timeMs - oldest.sinceMs) },
    sink,
  });
}

async function move(
  mapping: MappingFacts,
  item: ConsumerHolds,
  parts: GovernorParts,
  stepMs: number,
): Promise<number | undefined> {
  const { mappings, holds, clock } = parts;
  const { consumer } = item;
  const planned = item.ramp ? await mappings.plannedConcurrency(consumer) : undefined;
  const decision = decide(mapping, item, planned, { nowMs: clock.nowMs(), stepMs });
  switch (decision.do) {
    case "nothing":
      return undefined;
    case "wait":
      return decision.atMs ?? clock.nowMs() + settleMs;
    case "ramp":
      await holds.moveRamp(consumer, decision.before, decision.after);
      if (!decision.after) say(parts, { message: "a consumer has recovered", consumer });
      return clock.nowMs();
    case "update": {
      const answer = await mappings.update(mapping.uuid, decision.change);
      const held = item.holds.map(({ name }) => name).join(", ");
      say(parts, { message: "a mapping is changed", consumer, held, answer, ...decision.change });
      return clock.nowMs() + settleMs;
    }
  }
}

/** Begins a consumer's probe when it is due, and lets it run; answers when one is due. */
function probe(
  mapping: MappingFacts,
  item: ConsumerHolds,
  parts: GovernorParts,
  { mayProbe, probing: { running, notBeforeMs } }: Look,
): number | undefined {
  const { consumer } = item;
  const { clock, mappings } = parts;
  const askedMs = probeDueMs(item);
  if (askedMs === undefined || running.has(consumer)) return undefined;
  const dueMs = Math.max(askedMs, notBeforeMs.get(consumer) ?? 0);
  if (!mayProbe || dueMs > clock.nowMs()) return dueMs;
  notBeforeMs.set(consumer, nextProbeMs(item, clock.nowMs()));
  const probed = mappings
    .plannedConcurrency(consumer)
    .then((planned) => probeConsumer(mapping, item, planned, parts))
    .catch((thrown) => complain(parts, { message: "a dependency cannot be probed now", consumer }, thrown))
    .finally(() => running.delete(consumer));
  running.set(consumer, probed);
  return undefined;
}

function soonest(...dues: readonly (number | undefined)[]): number | undefined {
  const known = dues.filter((due) => due !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
