import type { ConsumerFacts } from "./consumer-facts.ts";

/**
 * The shortest way on which an event that a consumer emits leads back to what it came of: types and consumers in turn, from
 * the type that it takes to the same again; `undefined` when there is none.
 */
export function eventCircle({
  consumer,
  leads,
  siblings,
}: Pick<ConsumerFacts, "consumer" | "leads" | "siblings">): readonly string[] | undefined {
  const all = [{ consumer, leads }, ...siblings].flatMap((one) =>
    one.leads.map((lead) => ({ ...lead, consumer: one.consumer })),
  );
  for (const { on, to } of leads) {
    const home = new Set(on);
    const seen = new Set<string>();
    let ways = to.map((type) => [consumer, type]);
    while (ways.length > 0) {
      const next: string[][] = [];
      for (const way of ways) {
        const type = way.at(-1) ?? "";
        if (home.has(type)) return [type, ...way];
        if (seen.has(type)) continue;
        seen.add(type);
        for (const lead of all) {
          if (lead.on.includes(type)) next.push(...lead.to.map((one) => [...way, lead.consumer, one]));
        }
      }
      ways = next;
    }
  }
  return undefined;
}
