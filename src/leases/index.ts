export { dynamoLeases } from "./dynamo-leases.ts";
export { inMemoryLeases } from "./in-memory-leases.ts";
export type { Leases, Taken } from "./ports.ts";
