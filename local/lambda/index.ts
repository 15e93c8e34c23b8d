export {
  createEventInvocations,
  type EventInvocationPorts,
  type EventInvocations,
  type EventInvokeConfig,
} from "./event-invocations.ts";
export { createFunctionHost, type FunctionHost, type FunctionHostOptions } from "./function-host.ts";
export type { FunctionSpec } from "./function-spec.ts";
export type { InitChange } from "./init-health.ts";
