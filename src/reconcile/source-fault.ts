import { OmnibusError } from "../errors.ts";

/** A source answered what cannot be, or not at all. What it says is then unknown; nothing is called missing for it. */
export class SourceFault extends OmnibusError {
  readonly source: string;

  constructor(code: string, source: string, message: string, cause?: unknown) {
    super(code, `source ${source}: ${message}`, { retryable: true, cause });
    this.source = source;
  }
}
