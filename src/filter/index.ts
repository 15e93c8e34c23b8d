export { type FilterAttribute, type FilterAttributes, matchesFilter } from "./matches-filter.ts";
