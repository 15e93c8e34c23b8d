export type { StreamRecord } from "./completion.ts";
export { journalKind } from "./journal-kind.ts";
export { completionTime, type JournalLine, journaledWithin, parseJournalLine } from "./journal-line.ts";
export { type JournalerHandler, type JournalerParts, journaler } from "./journaler.ts";
