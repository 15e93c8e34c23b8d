export { type Pipeline, type PipelineOptions, pipeline } from "./pipeline.ts";
export { type FailureCode, failureCodes, type Revocation, type StageFailure } from "./revocation.ts";
export { runStage, type StageCode, type StageContext } from "./run-stage.ts";
export { type Stage, type StageOptions, stage } from "./stage.ts";
export type { StageWiring } from "./wiring.ts";
