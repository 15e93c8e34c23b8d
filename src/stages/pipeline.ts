import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type Contract, contractKey, type DataOf } from "../contract/index.ts";
import { SettingsError } from "../errors.ts";
import { lambda } from "../limits-of-aws.ts";
import type { Chained } from "./chained.ts";
import { type RevocationSchema, revocationSchema } from "./revocation.ts";
import type { Stage } from "./stage.ts";
import { kebab, type StageWiring, wireStages } from "./wiring.ts";

/** Stages in a row, and the way back through them. */
export interface Pipeline<
  Stages extends readonly Stage[] = readonly Stage[],
  About extends StandardSchemaV1 = StandardSchemaV1,
> {
  readonly name: string;
  readonly stages: Stages;
  /** What tells one run from another. */
  readonly about: About;
  /** Published when all that a failed run did is undone: `{pipeline}.compensated`. */
  readonly compensated: Contract<string, RevocationSchema<About>>;
  /** What each stage's consumer subscribes and emits, by the stage's name. */
  readonly wiring: Readonly<Record<Stages[number]["name"], StageWiring>>;
}

/** What `pipeline` takes besides its name and its stages. */
export interface PipelineOptions<Stages extends readonly Stage[], About extends StandardSchemaV1> {
  /**
   * The fields that tell one run from another, as in `z.object({ orderId: z.string() })`: every stage's event has them, and what goes back
   * carries them. A schema that changes nothing in them.
   */
  readonly about: DataOf<Stages[number]["on"]> extends StandardSchemaV1.InferInput<About> ? About : never;
  /** Where what goes back is published. @default the topic of what the first stage takes */
  readonly topic?: string;
}

const namePattern = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Declares a pipeline: typed from stage to stage, without any of their code, so that stack and stages share it and each stage is
 * deployed alone.
 *
 * Every run ends in one of two ways: through all stages, or undone by those that compensate, in reverse, and then `{pipeline}.compensated`.
 * Which one, each stage's completion in the ledger decides once.
 *
 * Throws `SettingsError` (`pipeline-name`, `pipeline-stages`, `pipeline-chain`, `pipeline-length`) for what cannot be.
 *
 * @example
 * export const fulfilOrder = pipeline(
 *   "fulfil-order",
 *   [
 *     stage("RiskCheck", orderCreated, { gives: riskPassed }),
 *     stage("LockStock", riskPassed, { gives: stockLocked, compensates: true }),
 *     stage("Charge", stockLocked, { gives: orderPaid, compensates: true, withinMs: 15 * 60_000 }),
 *     stage("Ship", orderPaid),
 *   ],
 *   { about: z.object({ orderId: z.string() }) },
 * );
 */
export function pipeline<const Stages extends readonly Stage[], About extends StandardSchemaV1>(
  name: string,
  stages: Stages & Chained<Stages>,
  { about, topic }: PipelineOptions<Stages, About>,
): Pipeline<Stages, About> {
  const all: readonly Stage[] = stages;
  if (!namePattern.test(name)) {
    refuse(
      "pipeline-name",
      `pipeline name ${JSON.stringify(name)} is not allowed: it must match ${namePattern}, as in "fulfil-order"`,
    );
  }
  const [first] = all.filter(({ retired }) => !retired);
  if (!first) refuse("pipeline-stages", `pipeline ${name} has no stage that takes anything; give it one`);
  checkNames(name, all);
  checkChain(name, all);
  checkLength(name, all);
  const schema = revocationSchema(about as About);
  const { wiring, compensated } = wireStages(name, all, { topic: topic ?? first.on.topic, schema });
  return Object.freeze({
    name,
    stages,
    about: about as About,
    compensated,
    wiring: wiring as Record<Stages[number]["name"], StageWiring>,
  });
}

function checkNames(pipeline: string, stages: readonly Stage[]): void {
  const seen = new Map<string, string>();
  for (const { name } of stages) {
    const twin = seen.get(kebab(name));
    if (twin !== undefined) {
      refuse(
        "pipeline-stages",
        `pipeline ${pipeline} has the stages ${twin} and ${name}, which would revoke by the same event; give one another name`,
      );
    }
    seen.set(kebab(name), name);
  }
}

/** The compiler has compared types; versions and topics it does not see. */
function checkChain(pipeline: string, stages: readonly Stage[]): void {
  const active = stages.filter(({ retired }) => !retired);
  active.forEach(({ name, on }, index) => {
    const before = active[index - 1];
    if (!before || (before.gives && sameContract(before.gives, on))) return;
    const gives = before.gives ? shown(before.gives) : "nothing";
    refuse(
      "pipeline-chain",
      `pipeline ${pipeline}: ${before.name} gives ${gives}, and ${name} behind it takes ${shown(on)}; they must be the same contract`,
    );
  });
  for (const one of stages.filter(({ retired }) => retired)) {
    const behind = stages.slice(stages.indexOf(one) + 1);
    const { name, gives } = one;
    if (!gives || behind.some(({ on }) => sameContract(gives, on))) continue;
    refuse(
      "pipeline-chain",
      `pipeline ${pipeline}: the retired stage ${name} gives ${shown(gives)}, which no stage behind it takes: what is on its way through it would end there`,
    );
  }
}

/** Forward through all, back through those that compensate, and the last word. */
function checkLength(pipeline: string, stages: readonly Stage[]): void {
  const back = stages.filter(({ compensates }) => compensates).length;
  const hops = stages.length + back;
  if (hops <= lambda.recursionHops) return;
  refuse(
    "pipeline-length",
    `pipeline ${pipeline} is too long: its longest way has ${hops} hops (${stages.length} stages forward, ${back} back); ${lambda.recursionHops} are allowed, where Lambda begins to take a chain for a circle; let fewer stages compensate, or join some`,
  );
}

function sameContract(left: Contract, right: Contract): boolean {
  return contractKey(left) === contractKey(right) && left.topic === right.topic;
}

function shown(contract: Contract): string {
  return `${contractKey(contract)} on topic ${contract.topic}`;
}

function refuse(code: string, message: string): never {
  throw new SettingsError(code, message);
}
