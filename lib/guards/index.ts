import { breakerGuards } from "./breaker-guards.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import { contractGuards } from "./contract-guards.ts";
import { functionGuards } from "./function-guards.ts";
import type { Guard } from "./guard.ts";
import { languageGuards } from "./language-guards.ts";
import { limitGuards } from "./limit-guards.ts";
import { loadGuards } from "./load-guards.ts";
import { mappingGuards } from "./mapping-guards.ts";
import { nameGuards } from "./name-guards.ts";
import { orderGuards } from "./order-guards.ts";
import { queueGuards } from "./queue-guards.ts";

export type { ConsumerFacts, LimitShare, Sibling } from "./consumer-facts.ts";
export { type Acknowledgement, enforce, type Guard } from "./guard.ts";
export { invocationsAtOnce } from "./invocations-at-once.ts";
export { shareOf } from "./limit-guards.ts";
export { nameGuards } from "./name-guards.ts";
export { isKnown } from "./shown.ts";

/** Guards by what they look at. */
export const guardGroups: readonly {
  readonly about: string;
  readonly guards: readonly Guard<ConsumerFacts>[];
}[] = [
  { about: "names", guards: nameGuards },
  { about: "contracts, topics, filters", guards: contractGuards },
  { about: "language", guards: languageGuards },
  { about: "queues and retries", guards: queueGuards },
  { about: "mapping", guards: mappingGuards },
  { about: "function", guards: functionGuards },
  { about: "limits", guards: limitGuards },
  { about: "outages", guards: breakerGuards },
  { about: "order", guards: orderGuards },
  { about: "expected load", guards: loadGuards },
];

/** Every rule that a consumer must keep. */
export const guards: readonly Guard<ConsumerFacts>[] = guardGroups.flatMap((group) => group.guards);
