import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type Contract, contractKey, defineEvent } from "../contract/index.ts";
import type { RevocationSchema } from "./revocation.ts";
import type { Stage } from "./stage.ts";

/** What one stage's consumer is made of. */
export interface StageWiring {
  readonly on: readonly Contract[];
  readonly emits: readonly Contract[];
  /** What each of `on` may lead to. */
  readonly leads: readonly { readonly on: Contract; readonly to: readonly Contract[] }[];
  /** What it emits when something of its own may stand: to itself first, if it compensates. */
  readonly revokes: Contract;
  /** What it emits when nothing of its own stands: to the nearest one before that compensates, or that all is undone. */
  readonly revokesBefore: Contract;
}

/** Each stage's wiring by its name, and the contracts that go back. */
export function wireStages<About extends StandardSchemaV1>(
  pipeline: string,
  stages: readonly Stage[],
  { topic, schema }: { readonly topic: string; readonly schema: RevocationSchema<About> },
): {
  readonly wiring: Readonly<Record<string, StageWiring>>;
  readonly compensated: Contract<string, RevocationSchema<About>>;
} {
  const goingBack = (type: string) => defineEvent(type, { version: 1, topic, schema });
  const compensated = goingBack(`${pipeline}.compensated`);
  const wiring: Record<string, StageWiring> = {};
  let before = compensated;
  for (const { name, on, gives, compensates } of stages) {
    const own = compensates ? goingBack(`${pipeline}.${kebab(name)}.revoked`) : before;
    const forward = { on, to: distinct([...(gives ? [gives] : []), own, before]) };
    const leads = compensates ? [forward, { on: own, to: [before] }] : [forward];
    wiring[name] = {
      on: leads.map((lead) => lead.on),
      emits: distinct(leads.flatMap((lead) => lead.to)),
      leads,
      revokes: own,
      revokesBefore: before,
    };
    before = own;
  }
  return { wiring, compensated };
}

function distinct(contracts: readonly Contract[]): readonly Contract[] {
  return [...new Map(contracts.map((contract) => [contractKey(contract), contract])).values()];
}

/** `LockStock` → `lock-stock`. */
export function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}
