export { ArchiveError } from "./archive-error.ts";
export { findOffset } from "./find-offset.ts";
export { type Follower, followLines } from "./follow-lines.ts";
export { lastLines } from "./last-lines.ts";
export { lineMatcher, type WantedLines } from "./line-matcher.ts";
export { type MatchingOptions, matchingLines } from "./matching-lines.ts";
export { type BusArchive, openBusArchive } from "./open-bus-archive.ts";
