import type { ConsumerFacts } from "./consumer-facts.ts";

/**
 * The shortest way on which an event that a consumer emits leads back to it: types and consumers in turn, from the type
 * that it takes to the same again; `undefined` when there is none.
 */
export function eventCircle({
  consumer,
  on,
  emits,
  siblings,
}: Pick<ConsumerFacts, "consumer" | "on" | "emits" | "siblings">): readonly string[] | undefined {
  const home = new Set(on.map(({ type }) => type));
  const seen = new Set<string>();
  let ways = emits.map(({ type }) => [consumer, type]);
  while (ways.length > 0) {
    const next: string[][] = [];
    for (const way of ways) {
      const type = way.at(-1) ?? "";
      if (home.has(type)) return [type, ...way];
      if (seen.has(type)) continue;
      seen.add(type);
      for (const sibling of siblings) {
        if (!sibling.on.includes(type)) continue;
        for (const emitted of sibling.emits) next.push([...way, sibling.consumer, emitted]);
      }
    }
    ways = next;
  }
  return undefined;
}
