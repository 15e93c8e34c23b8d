import {
  breakerOf,
  type ConsumerHolds,
  dependencyOf,
  type Hold,
  type ProbeAnswer,
} from "../breaker/index.ts";
import { type Clock, sleep } from "../clock.ts";
import { type GovernorParts, say } from "./parts.ts";
import type { MappingFacts, Probes } from "./ports.ts";
import { firstStep } from "./ramp-steps.ts";

/** A probe that takes longer has found out nothing, and holds up no other consumer's. */
export const probePatienceMs = 20_000;

/**
 * The next probe begins a little early, so that no more than one interval lies between two of them, what they and the passes
 * take included.
 */
const intervalUsed = 0.95;

/** Messages that teach nothing (handled before, not to be read) are passed by, so many in one probe. */
const maxMessages = 5;

/** When a consumer that is probed now is to be probed again. */
export function nextProbeMs({ holds }: ConsumerHolds, nowMs: number): number {
  return nowMs + Math.floor(Math.min(...holds.flatMap(({ probe }) => probe?.everyMs ?? [])) * intervalUsed);
}

type Breaker = Hold & { readonly probe: NonNullable<Hold["probe"]> };

/**
 * Probes a held consumer's dependencies once, and writes down what came of it: breakers of those that are back are
 * lifted, with recovery begun; one that a message has found down besides is opened. Throws what the store throws; half
 * done, the rest follows with the next probe.
 */
export async function probeConsumer(
  mapping: MappingFacts,
  found: ConsumerHolds,
  planned: number | undefined,
  parts: Pick<GovernorParts, "holds" | "probes" | "clock" | "sink">,
): Promise<void> {
  const { holds, probes, clock } = parts;
  const { consumer } = found;
  const atMs = clock.nowMs();
  const breakers = found.holds.filter((hold): hold is Breaker => hold.probe !== undefined);
  const asked = breakers.filter(({ probe }) => probe.own);
  const others = breakers.filter(({ probe }) => !probe.own);
  const ramp = mapping.isProvisioned ? undefined : firstStep(planned);

  const lift = async (hold: Hold) => {
    if (!(await holds.lift(consumer, hold, "governor", ramp))) return;
    const heldMs = clock.nowMs() - hold.sinceMs;
    say(parts, { message: "a dependency is back: its hold is lifted", consumer, hold: hold.name, heldMs });
  };
  const askOwn = async (hold: Breaker) => {
    const answer = await inTime(probes.ask(mapping, nameOf(hold)), clock);
    if (answer.verdict === "up") await lift(hold);
    return answer;
  };
  const letThrough = async (first: Breaker) => {
    const answer = await inTime(tryMessages(mapping, nameOf(first), probes), clock);
    const { verdict, dependency, why = "" } = answer;
    if (verdict === "up") for (const hold of others) await lift(hold);
    const name = dependency === undefined ? undefined : breakerOf(dependency);
    if (verdict === "down" && name && !found.holds.some((hold) => hold.name === name)) {
      const hold = { ...first, name, sinceMs: clock.nowMs(), why, by: "governor" };
      await holds.open(consumer, hold, "governor");
    }
    return answer;
  };

  const [first] = others;
  const answers = await Promise.all([...asked.map(askOwn), ...(first ? [letThrough(first)] : [])]);
  const worst = answers.find(({ verdict }) => verdict !== "up");
  await holds.noteProbe(consumer, {
    atMs,
    nextMs: nextProbeMs(found, atMs),
    verdict: worst?.verdict ?? "up",
    why: worst?.why ?? "",
  });
}

function nameOf({ name }: Hold): string {
  return dependencyOf(name) ?? name;
}

async function tryMessages(mapping: MappingFacts, dependency: string, probes: Probes): Promise<ProbeAnswer> {
  for (let tried = 1; ; tried++) {
    const { isEmpty, ...answer } = await probes.letThrough(mapping, dependency);
    if (isEmpty || answer.verdict !== "unknown" || tried === maxMessages) return answer;
  }
}

async function inTime(asking: Promise<ProbeAnswer>, clock: Clock): Promise<ProbeAnswer> {
  const answered = new AbortController();
  const late = sleep(clock, probePatienceMs, answered.signal).then(
    (): ProbeAnswer => ({ verdict: "unknown", why: `no answer within ${probePatienceMs} ms` }),
  );
  try {
    return await Promise.race([asking, late]);
  } finally {
    answered.abort();
  }
}
