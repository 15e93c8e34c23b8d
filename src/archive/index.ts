export { archiveKind } from "./archive-kind.ts";
export {
  type ArchiveLine,
  formatArchiveLine,
  messageMark,
  messageOf,
  parseArchiveLine,
} from "./archive-line.ts";
export { archivedWithin } from "./archive-lines.ts";
export type { ArchiveRecord, SendAttribute } from "./archived-message.ts";
export { type ArchiverHandler, type ArchiverParts, archiver } from "./archiver.ts";
export { orderedGroup } from "./ordered-group.ts";
