import { OmnibusError } from "../../src/errors.ts";

/** There is no such job, or more than one; or its function did not do what it was asked for. The message says more. */
export class JobError extends OmnibusError {}
