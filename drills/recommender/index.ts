export type { RecommenderOptions } from "./options.ts";
export type { RecommenderResult } from "./result.ts";
export { runRecommender } from "./run.ts";
