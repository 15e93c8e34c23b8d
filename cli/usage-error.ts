import { OmnibusError } from "../src/errors.ts";

/** The command line cannot be: exit code 2, and nothing was done. */
export class UsageError extends OmnibusError {
  constructor(message: string) {
    super("usage", message);
  }
}
