import { OmnibusError } from "../../src/errors.ts";

/** No emulator can be had, or what was asked of it failed. The message says what to do. */
export class EmulatorError extends OmnibusError {}
