export type { NewFile } from "./new-file.ts";
export { type AppPlan, type AppPlanOptions, planApp } from "./plan-app.ts";
export { type ConsumerPlan, type ConsumerPlanOptions, planConsumer } from "./plan-consumer.ts";
export { ScaffoldError } from "./scaffold-error.ts";
export { refuseWhatIsThere, writeFiles } from "./write-files.ts";
