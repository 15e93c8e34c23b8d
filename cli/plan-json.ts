import {
  arithmetic,
  type LoadPlan,
  loadNotes,
  type PlannedConsumer,
  planFindings,
} from "../src/plan/index.ts";

/** A plan for programs: numbers with their units in their names, and the arithmetic as text. */
export function planJson(plan: LoadPlan, chosen: readonly (keyof PlannedConsumer)[]) {
  const { throughput, horizons, consumer, ...others } = plan;
  const { perSecond, bound, unlimitedPerSecond, perPoller } = throughput;
  const findings = planFindings(plan);
  return {
    ...others,
    consumer: { ...consumer, limits: consumer.limits.map(({ meaning }) => meaning) },
    chosen,
    throughput: {
      perSecond,
      bound,
      unlimitedPerSecond,
      ...(perPoller === undefined ? {} : { perPoller }),
      limits: [...throughput.rates, ...throughput.quotas].map(({ limit, ...pace }) => ({
        limit: limit.name,
        perSecond: pace.perSecond,
        leftPerSecond: pace.leftPerSecond,
      })),
    },
    horizons: horizons.map(({ limit, room, starts }) => ({ limit: limit.name, room, starts })),
    arithmetic: arithmetic(plan),
    findings,
    notes: loadNotes(plan),
    works: findings.length === 0,
  };
}
