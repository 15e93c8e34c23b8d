import { OmnibusError } from "../../src/errors.ts";

/** What was asked for cannot be written here: nothing has been. */
export class ScaffoldError extends OmnibusError {}
