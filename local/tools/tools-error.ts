import { OmnibusError } from "../../src/errors.ts";

/** A program of this machine that is missing, too old, or failed at its work. */
export class ToolsError extends OmnibusError {}
