export { createFunctionHost, type FunctionHost, type FunctionHostOptions } from "./function-host.ts";
export type { FunctionSpec } from "./function-spec.ts";
