import { breakerOf, type ConsumerHolds, type Hold } from "../breaker/index.ts";
import { logLine } from "../telemetry/index.ts";
import { type Breaker, type Finding, findOut } from "./find-out.ts";
import type { MappingFacts, ProbingParts } from "./ports.ts";
import { firstStep } from "./ramp-steps.ts";

/**
 * The next probe begins a little early, so that no more than one interval lies between two of them, what they and the passes
 * take included.
 */
const intervalUsed = 0.9;

/** Probes in a row that have found out nothing at all (no right to receive, a handler that takes longer than they wait). */
const maxTries = 6;

/** When a consumer that is probed now is to be probed again. */
export function nextProbeMs({ holds }: ConsumerHolds, nowMs: number): number {
  return nowMs + Math.floor(Math.min(...holds.flatMap(({ probe }) => probe?.everyMs ?? [])) * intervalUsed);
}

/**
 * Probes a held consumer's dependencies once, and writes down what came of it: breakers of those that are back are
 * lifted, with recovery begun; one that a message has found down besides is opened. What cannot be probed at all, time
 * after time, is lifted as well: the mapping at its smallest finds out then. Throws what the store throws; half done, the
 * rest follows with the next probe.
 */
export async function probeConsumer(
  mapping: MappingFacts,
  found: ConsumerHolds,
  planned: number | undefined,
  parts: ProbingParts,
): Promise<void> {
  const { holds, clock, sink } = parts;
  const { consumer } = found;
  const atMs = clock.nowMs();
  const breakers = found.holds.filter((hold): hold is Breaker => hold.probe !== undefined);
  const ramp = mapping.isProvisioned ? undefined : firstStep(planned);
  const findings = await findOut(mapping, breakers, parts);
  const blind = findings.filter(({ answer }) => answer.verdict === "unknown" && !answer.isEmpty);
  const tries = blind.length > 0 ? triesBefore(found, breakers) + 1 : 0;
  const isTried = tries >= maxTries;

  const lift = async (hold: Hold, message: string) => {
    if (!(await holds.lift(consumer, hold, "governor", ramp))) return;
    const timeMs = clock.nowMs();
    logLine("info", { message, consumer, hold: hold.name, heldMs: timeMs - hold.sinceMs }, { timeMs, sink });
  };
  for (const finding of findings) {
    const { answer } = finding;
    for (const hold of finding.breakers) {
      if (answer.verdict === "up") await lift(hold, "a dependency is back: its hold is lifted");
      else if (isTried && blind.includes(finding)) await lift(hold, `${inVain}: ${answer.why ?? ""}`);
    }
    await openOther(finding, found, parts);
  }
  const worst = findings.find(({ answer }) => answer.verdict !== "up")?.answer;
  await holds.noteProbe(consumer, {
    atMs,
    nextMs: nextProbeMs(found, atMs),
    verdict: worst?.verdict ?? "up",
    why: worst?.why ?? "",
    tries: isTried ? 0 : tries,
  });
}

const inVain = "a dependency cannot be probed: its hold is lifted, for a few at once to find out";

/** A handler that went on to another dependency may have found that one down. */
async function openOther(
  { breakers: [like], answer: { verdict, dependency, why = "" } }: Finding,
  { consumer, holds: known }: ConsumerHolds,
  { holds, clock }: Pick<ProbingParts, "holds" | "clock">,
): Promise<void> {
  if (verdict !== "down" || dependency === undefined || !like) return;
  const name = breakerOf(dependency);
  if (known.some((hold) => hold.name === name)) return;
  const hold = { ...like, name, sinceMs: clock.nowMs(), why, by: "governor" };
  await holds.open(consumer, hold, "governor");
}

/** Probes of this outage, in a row, that have found out nothing. */
function triesBefore({ probe }: ConsumerHolds, breakers: readonly Breaker[]): number {
  const sinceMs = Math.min(...breakers.map((hold) => hold.sinceMs));
  return probe && probe.atMs >= sinceMs ? (probe.tries ?? 0) : 0;
}
