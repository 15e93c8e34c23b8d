import { existsSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startGuarded } from "../tools/index.ts";
import type { Emulator } from "./emulator.ts";
import { EmulatorError } from "./emulator-error.ts";
import { refuseRealCloud } from "./refuse-real-cloud.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));

/** What one run of the CDK's command line takes. */
export interface CdkRun {
  readonly emulator: Emulator;
  /** Its words: `["destroy", "--all", "--force"]`. */
  readonly words: readonly string[];
  /** The app's folder. @default this project's */
  readonly directory?: string;
  /** The command that makes the app, or the folder of an assembly that was made before. @default `app` in the folder's `cdk.json` */
  readonly app?: string;
  /** Where the assembly goes. @default a folder of its own, gone afterwards */
  readonly assembly?: string;
  /** Variables that the app sees besides `emulator.env`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Gets each line that it writes. */
  readonly log?: (line: string) => void;
}

/**
 * Runs the CDK's own command line (`cdk deploy`, `diff`, `destroy` …) against the emulator and answers all that it
 * wrote. It ends with this process. Nothing is asked, and the assembly goes to a folder of its own, so that several
 * may run at once.
 *
 * Throws `EmulatorError` with what it wrote, and with the end of the emulator's own output, when it fails.
 */
export async function runCdk({
  emulator,
  words,
  directory = project,
  app,
  assembly,
  variables = {},
  log,
}: CdkRun): Promise<string> {
  refuseRealCloud(emulator.env.AWS_ENDPOINT_URL);
  const made = app !== undefined && existsSync(join(resolve(directory, app), "manifest.json"));
  const passing = made || assembly !== undefined ? "" : mkdtempSync(join(tmpdir(), "omnibus-cdk-"));
  const cdk = join(dirname(createRequire(import.meta.url).resolve("aws-cdk/package.json")), "bin/cdk");
  const parameters = [
    ...words,
    ...(made ? [] : ["--output", assembly ?? passing]),
    ...["--no-color", "--ci"],
    ...(app === undefined ? [] : ["--app", app]),
  ];
  const child = startGuarded(process.execPath, [cdk, ...parameters], {
    remove: passing,
    directory,
    environment: { ...emulator.env, ...variables },
  });
  let written = "";
  const hear = (chunk: Buffer) => {
    written += chunk.toString();
    if (log === undefined) return;
    for (const line of chunk.toString().split("\n")) if (line.trim() !== "") log(line);
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const code = await new Promise<number | null>((resolve, reject) => {
    let code: number | null = null;
    child.once("error", reject);
    child.once("exit", (ended) => {
      code = ended;
      // The guard holds the pipes as long as ours is open.
      child.stdin?.end();
    });
    child.once("close", () => resolve(code));
  });
  if (code === 0) return written;
  const last = emulator.output().trim().split("\n").slice(-15).join("\n");
  throw new EmulatorError(
    "cdk-failed",
    `cdk ${words.join(" ")} ended with ${code}:\n${written.trim()}${last === "" ? "" : `\nthe emulator said last:\n${last}`}`,
  );
}
