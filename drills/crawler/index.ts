export type { CrawlerResult } from "./judge.ts";
export type { CrawlerOptions } from "./options.ts";
export { runCrawler } from "./run.ts";
