import { OmnibusError } from "../../src/errors.ts";

/** What was asked of an archive cannot be: a place that it does not have. The message says which there are. */
export class ArchiveError extends OmnibusError {}
