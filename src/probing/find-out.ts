import { dependencyOf, type Hold, type ProbeAnswer } from "../breaker/index.ts";
import { type Clock, sleep } from "../clock.ts";
import type { MappingFacts, Probes, ProbingParts } from "./ports.ts";

/** A probe that takes longer has found out nothing, and holds up no other consumer's. */
export const probePatienceMs = 20_000;

/** Messages that teach nothing (handled before, not to be read) are passed by, so many in one probe. */
const maxMessages = 5;

/** A hold that ends by probes. */
export type Breaker = Hold & { readonly probe: NonNullable<Hold["probe"]> };

type Answer = ProbeAnswer & { readonly isEmpty?: boolean };

/** What has been found out, and which breakers go by it. */
export interface Finding {
  readonly breakers: readonly Breaker[];
  readonly answer: Answer;
}

/** Asks own probes one by one; all other breakers go by the same message. Never rejects. */
export function findOut(
  mapping: MappingFacts,
  breakers: readonly Breaker[],
  { probes, clock }: Pick<ProbingParts, "probes" | "clock">,
): Promise<readonly Finding[]> {
  const others = breakers.filter(({ probe }) => !probe.own);
  const asking = breakers
    .filter(({ probe }) => probe.own)
    .map(async (hold): Promise<Finding> => {
      const answer = await inTime(probes.ask(mapping, nameOf(hold)), clock);
      return { breakers: [hold], answer };
    });
  const [first] = others;
  if (first) {
    const tried = inTime(tryMessages(mapping, nameOf(first), probes), clock);
    asking.push(tried.then((answer): Finding => ({ breakers: others, answer })));
  }
  return Promise.all(asking);
}

function nameOf({ name }: Hold): string {
  return dependencyOf(name) ?? name;
}

async function tryMessages(mapping: MappingFacts, dependency: string, probes: Probes): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    const answer = await probes.letThrough(mapping, dependency);
    if (answer.isEmpty || answer.verdict !== "unknown" || tried === maxMessages) return answer;
  }
}

async function inTime(asking: Promise<Answer>, clock: Clock): Promise<Answer> {
  const answered = new AbortController();
  const late = sleep(clock, probePatienceMs, answered.signal).then(
    (): Answer => ({ verdict: "unknown", why: `no answer within ${probePatienceMs} ms` }),
  );
  try {
    return await Promise.race([asking, late]);
  } finally {
    answered.abort();
  }
}
