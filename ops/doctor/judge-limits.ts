import type { ConsumerSettings } from "../../src/env.ts";
import { type Finding, fail, ok } from "./finding.ts";

const check = "limits";

/**
 * One name of a limit has one meaning on a bus. Synth sees the consumers of one app; those of others, and what a deployment
 * that stopped half-way has left, stand here alone.
 */
export function judgeLimits(bus: string, settings: readonly ConsumerSettings[]): readonly Finding[] {
  const held = settings.flatMap(({ consumer, limits = [] }) =>
    limits.map((meaning) => ({ consumer, meaning, name: meaning.split(":", 1)[0] ?? meaning })),
  );
  const byName = Map.groupBy(held, ({ name }) => name);
  if (byName.size === 0) return [];
  const findings = [...byName].flatMap(([name, holders]) => judgeName(bus, name, holders) ?? []);
  return findings.length > 0
    ? findings
    : [
        ok(
          check,
          `bus ${bus}: each limit means the same to all who hold it (${[...byName.keys()].join(", ")})`,
        ),
      ];
}

function judgeName(
  bus: string,
  name: string,
  holders: readonly { readonly consumer: string; readonly meaning: string }[],
): Finding | undefined {
  const byMeaning = Map.groupBy(holders, ({ meaning }) => meaning);
  if (byMeaning.size < 2) return undefined;
  const told = [...byMeaning]
    .map(([meaning, those]) => `${those.map(({ consumer }) => consumer).join(", ")} ${meaning}`)
    .join("; ");
  return fail(
    check,
    `limit ${name} of bus ${bus} has ${byMeaning.size} meanings (${told}): nobody keeps the sum of their starts`,
    "declare it once, in a module or package that its consumers share, and deploy all of them; or give one of them another name",
  );
}
