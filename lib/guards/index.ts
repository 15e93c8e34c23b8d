import { archiveGuards } from "./archive-guards.ts";
import { breakerGuards } from "./breaker-guards.ts";
import { claimGuards } from "./claim-guards.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import { contractGuards } from "./contract-guards.ts";
import { deliveryGuards } from "./delivery-guards.ts";
import { drainGuards } from "./drain-guards.ts";
import { functionGuards } from "./function-guards.ts";
import type { Guard } from "./guard.ts";
import { languageGuards } from "./language-guards.ts";
import { limitGuards } from "./limit-guards.ts";
import { loadGuards } from "./load-guards.ts";
import { mappingGuards } from "./mapping-guards.ts";
import { nameGuards } from "./name-guards.ts";
import { orderGuards } from "./order-guards.ts";
import { outboxGuards } from "./outbox-guards.ts";
import { pipelineGuards } from "./pipeline-guards.ts";
import { queueGuards } from "./queue-guards.ts";
import { reconcilerGuards } from "./reconciler-guards.ts";

export { type ArchiveFacts, archiveGuards } from "./archive-guards.ts";
export { type ClaimFacts, claimGuards } from "./claim-guards.ts";
export type { ConsumerFacts, LimitShare, Sibling } from "./consumer-facts.ts";
export { type DeliveryFacts, deliveryGuards } from "./delivery-guards.ts";
export { memoryGuards } from "./function-guards.ts";
export { type Acknowledgement, enforce, type Guard } from "./guard.ts";
export { invocationsAtOnce } from "./invocations-at-once.ts";
export { shareOf } from "./limit-guards.ts";
export { type NameFacts, nameGuards } from "./name-guards.ts";
export { type OutboxFacts, outboxGuards } from "./outbox-guards.ts";
export { type PipelineFacts, pipelineGuards } from "./pipeline-guards.ts";
export { type ReconcilerFacts, reconcilerGuards } from "./reconciler-guards.ts";
export { isKnown } from "./shown.ts";

/** A consumer's guards by what they look at. */
const consumerGroups: readonly {
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
  { about: "slow limits", guards: drainGuards },
  { about: "outages", guards: breakerGuards },
  { about: "order", guards: orderGuards },
  { about: "expected load", guards: loadGuards },
];

/** Every rule that a consumer must keep. */
export const guards: readonly Guard<ConsumerFacts>[] = consumerGroups.flatMap((group) => group.guards);

/** All guards by what they look at, for whoever tells of them. */
export const guardGroups: readonly {
  readonly about: string;
  readonly guards: readonly Omit<Guard<never>, "check">[];
}[] = [
  ...consumerGroups,
  { about: "pipelines", guards: pipelineGuards },
  { about: "the archive", guards: archiveGuards },
  { about: "large data", guards: claimGuards },
  { about: "reconciliation", guards: reconcilerGuards },
  { about: "reconciliation of delivery", guards: deliveryGuards },
  { about: "the outbox", guards: outboxGuards },
];
