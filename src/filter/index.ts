export { type FilterAttribute, type FilterAttributes, matchesFilter } from "./matches-filter.ts";
export { matchesRule } from "./matches-rule.ts";
