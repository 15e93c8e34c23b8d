export { type GovernorEnd, type GovernorTerms, govern, leaseMs } from "./govern.ts";
export { type InMemoryMappings, inMemoryMappings, type ModelledMapping } from "./in-memory-mappings.ts";
export type { GovernorParts } from "./parts.ts";
export type { InFlight, MappingFacts, Mappings, MappingUpdate, Probes } from "./ports.ts";
