import type { Emulator } from "./emulator.ts";
import { type CdkRun, runCdk } from "./run-cdk.ts";

/** What `deployApp` takes. */
export interface DeployAppOptions extends Omit<CdkRun, "words"> {
  /** Stacks by name. @default all */
  readonly stacks?: readonly string[];
  /** More words for `cdk deploy`, such as `--import-existing-resources`. */
  readonly words?: readonly string[];
}

const bootstrapped = new WeakMap<Emulator, Promise<string>>();

/** `cdk bootstrap`, once for an emulator however often it is asked. */
export function bootstrapEmulator({ emulator, log }: Pick<CdkRun, "emulator" | "log">): Promise<string> {
  const done = bootstrapped.get(emulator);
  if (done !== undefined) return done;
  const target = `aws://${emulator.account}/${emulator.region}`;
  const doing = runCdk({ emulator, words: ["bootstrap", target], ...(log === undefined ? {} : { log }) });
  bootstrapped.set(emulator, doing);
  return doing;
}

/**
 * Deploys a CDK app with the CDK's own command line, bootstrapping the emulator first if that was not done. Answers
 * what `cdk deploy` wrote.
 *
 * @example
 * await deployApp({ emulator, directory: "my-app" });
 * await deployApp({ emulator, app: "node bin/app.ts", stacks: ["shop-bus"] });
 */
export async function deployApp({ stacks = [], words = [], ...run }: DeployAppOptions): Promise<string> {
  await bootstrapEmulator(run);
  return runCdk({
    ...run,
    words: [
      "deploy",
      ...(stacks.length === 0 ? ["--all"] : stacks),
      ...["--require-approval", "never", "--concurrency", "4", ...words],
    ],
  });
}
