export type { DeployedStack } from "./deployment/describe-stack.ts";
export type { QueueDepth } from "./endpoint/messages.ts";
export { requireEngines } from "./engines/require-engines.ts";
export type { LocalCloud } from "./local-cloud.ts";
export { LocalCloudError } from "./local-cloud-error.ts";
export { type LocalCloudOptions, startLocalCloud } from "./start-local-cloud.ts";
export { type SynthesizeOptions, synthesize } from "./synthesize.ts";
export { watchSources } from "./watch-sources.ts";
