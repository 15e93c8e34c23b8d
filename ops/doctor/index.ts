export { type Examination, examine } from "./examine.ts";
export type { BusFacts, CloudReads, Read, SubscriptionFacts } from "./facts.ts";
export type { Finding } from "./finding.ts";
export { readVersions, type Versions } from "./judge-versions.ts";
export { settingsOf } from "./read-bus.ts";
export { sdkReads } from "./sdk-reads.ts";
