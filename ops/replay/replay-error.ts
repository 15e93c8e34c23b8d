import { OmnibusError } from "../../src/errors.ts";

/** A replay that cannot be as it was asked for; nothing was sent. The message says what can be. */
export class ReplayError extends OmnibusError {}
