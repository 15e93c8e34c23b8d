export { bootstrapEmulator, type DeployAppOptions, deployApp } from "./deploy-app.ts";
export type { Emulator } from "./emulator.ts";
export { EmulatorError } from "./emulator-error.ts";
export { type EmulatorQueueDepth, queueDepths } from "./queue-depths.ts";
export { refuseRealCloud } from "./refuse-real-cloud.ts";
export { type CdkRun, runCdk } from "./run-cdk.ts";
export { startEmulator } from "./start-emulator.ts";
