export type { MappingFacts, Probes } from "../probing/index.ts";
export { functionProbes } from "./function-probes.ts";
export { type GovernorEnd, type GovernorTerms, govern, leaseMs } from "./govern.ts";
export { type GovernorHandler, governor } from "./handler.ts";
export { type InMemoryMappings, inMemoryMappings, type ModelledMapping } from "./in-memory-mappings.ts";
export { lambdaMappings } from "./lambda-mappings.ts";
export type { GovernorParts } from "./parts.ts";
export type { InFlight, Mappings, MappingUpdate } from "./ports.ts";
export { sqsInFlight } from "./sqs-in-flight.ts";
