import { type LoadPlan, loadRules, type PlanRule } from "../../src/plan/index.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";

/** What a consumer must be able to carry, where it says what it expects. */
export const loadGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "load",
    reason: "nothing can be worked out from it",
    fix: 'write arrivals as in "100/s", and numbers above 0',
    link: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    final: true,
    check: ({ loadProblem }) => loadProblem && `expect: ${loadProblem}`,
  },
  ...loadRules.map(guardOf),
];

function guardOf({ check, ...rule }: PlanRule<LoadPlan>): Guard<ConsumerFacts> {
  return { ...rule, check: ({ loadPlan }) => loadPlan && check(loadPlan) };
}
