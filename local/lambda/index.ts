export { createFunctionHost, type FunctionHost, type FunctionHostOptions } from "./function-host.ts";
export type { FunctionSpec } from "./function-spec.ts";
export type { InitChange } from "./init-health.ts";
