export { ArchiveError } from "./archive-error.ts";
export { findOffset } from "./find-offset.ts";
export { lineMatcher, type WantedLines } from "./line-matcher.ts";
export { type BusArchive, openBusArchive } from "./open-bus-archive.ts";
export { type TailOptions, tailLines } from "./tail-lines.ts";
