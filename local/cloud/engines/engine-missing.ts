import { LocalCloudError } from "../local-cloud-error.ts";

/** An engine that is not installed: optional in the package, so that nobody gets it who does not run locally. */
export class EngineMissing extends LocalCloudError {
  /** What npm is to install: name and version. */
  readonly spec: string;

  constructor(spec: string, why: string, options?: ErrorOptions) {
    super("engine-missing", `${why} Run: ${installLine([spec])}`, options);
    this.spec = spec;
  }
}

/** The one line that installs engines: in exactly the releases that the local cloud knows from inside. */
export function installLine(specs: readonly string[]): string {
  return `npm install --save-dev --save-exact ${specs.join(" ")}`;
}
