import type { ConsumerFacts } from "./consumer-facts.ts";
import { contractGuards } from "./contract-guards.ts";
import { functionGuards } from "./function-guards.ts";
import type { Guard } from "./guard.ts";
import { languageGuards } from "./language-guards.ts";
import { limitGuards } from "./limit-guards.ts";
import { mappingGuards } from "./mapping-guards.ts";
import { nameGuards } from "./name-guards.ts";
import { queueGuards } from "./queue-guards.ts";

export type { ConsumerFacts, LimitShare } from "./consumer-facts.ts";
export { type Acknowledgement, enforce, type Guard } from "./guard.ts";
export { shareOf } from "./limit-guards.ts";
export { nameGuards } from "./name-guards.ts";

/** Every rule that a consumer must keep. */
export const guards: readonly Guard<ConsumerFacts>[] = [
  ...nameGuards,
  ...contractGuards,
  ...languageGuards,
  ...queueGuards,
  ...mappingGuards,
  ...functionGuards,
  ...limitGuards,
];
