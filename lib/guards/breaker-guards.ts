import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";
import { shown } from "./shown.ts";

const breakers =
  "https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/circuit-breaker.html";

/** Longer, and an outage's end would be noticed after the retries have found it out. */
const maxMs = 15 * 60_000;

/** When a dependency counts as down, and how that ends. */
export const breakerGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "breaker",
    reason: "the breaker would open at once, or never",
    fix: "choose numbers in the range, or leave breaker out",
    link: breakers,
    final: true,
    check: ({ breaker: { failures, window, probeEvery } }) => {
      if (!(Number.isInteger(failures) && failures >= 1 && failures <= 1_000)) {
        return `breaker.failures is ${shown(failures)}; 1 to 1000 is allowed`;
      }
      for (const [name, duration] of Object.entries({ window, probeEvery })) {
        const ms = duration.toMilliseconds();
        if (!(ms >= 1_000 && ms <= maxMs)) {
          return `breaker.${name} is ${ms} ms; 1 s to ${maxMs / 60_000} min is allowed`;
        }
      }
      return undefined;
    },
  },
  {
    id: "breaker-unknown",
    reason: "no breaker would open: handlers in Python know none, and holds are kept where the bus is",
    fix: "leave breaker out; handle these events in TypeScript, in the bus's account and region; bus pause holds any consumer",
    link: breakers,
    final: true,
    check: ({ hasBreaker, knowsHolds, language }) => {
      if (!hasBreaker || knowsHolds) return undefined;
      return `breaker is given for ${language === "python" ? "a handler in Python" : "a consumer in another account or region than the bus's"}`;
    },
  },
];
