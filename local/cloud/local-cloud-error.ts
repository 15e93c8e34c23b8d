import { OmnibusError } from "../../src/errors.ts";

/** The local cloud cannot start, or cannot run what the template asks for. The message says what to do. */
export class LocalCloudError extends OmnibusError {}
