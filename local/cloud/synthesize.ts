import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { keptBundlesContext } from "../../src/names.ts";
import { machineEnvironment } from "../machine-environment.ts";
import { cacheFolder } from "../tools/index.ts";
import { localAccount } from "./local-account.ts";
import { LocalCloudError } from "./local-cloud-error.ts";

/** What `synthesize` takes. */
export interface SynthesizeOptions {
  /** The CDK app's folder, with its `cdk.json`. */
  readonly directory: string;
  /** The command that makes the app. @default `app` in `cdk.json` */
  readonly app?: string;
  /** Where the assembly goes. */
  readonly outDir: string;
  /** Gets each line that the app writes; an error then does not repeat them. */
  readonly onLine?: (line: string) => void;
}

interface CdkJson {
  readonly app?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * Runs a CDK app as the CDK CLI does, without the CLI: it takes as long to start as the app itself.
 *
 * Throws `LocalCloudError` with what the app wrote when it fails, and when there is no command to run.
 */
export async function synthesize({
  directory,
  app,
  outDir,
  onLine,
}: SynthesizeOptions): Promise<{ assembly: string }> {
  const settings = readJson<CdkJson>(join(directory, "cdk.json"));
  const command = app ?? settings.app;
  if (command === undefined) {
    throw new LocalCloudError(
      "app-missing",
      `${directory} has no cdk.json with an "app": run this in a CDK app's folder, or give the command that makes it (--app "node bin/app.ts")`,
    );
  }
  const assembly = resolve(outDir);
  // Left from an earlier run, it would be taken for this one's.
  rmSync(join(assembly, "manifest.json"), { force: true });
  const context = {
    ...settings.context,
    ...readJson<Record<string, unknown>>(join(directory, "cdk.context.json")),
    // As the CLI sets them: names and assets can be told apart in the template, and nothing is counted.
    "aws:cdk:enable-path-metadata": true,
    "aws:cdk:enable-asset-metadata": true,
    "aws:cdk:version-reporting": false,
    "aws:cdk:bundling-stacks": ["**"],
    // Only what is started here: a deployment bundles anew.
    [keptBundlesContext]: cacheFolder("bundles"),
  };
  await run(command, directory, onLine, {
    CDK_OUTDIR: assembly,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_DEFAULT_ACCOUNT: localAccount,
    CDK_DEFAULT_REGION: "us-east-1",
    // The CDK's own rules take four seconds and matter to a deployment; `cdk synth` still asks them.
    CDK_VALIDATION: "false",
  });
  if (!existsSync(join(assembly, "manifest.json"))) {
    throw new LocalCloudError(
      "app-without-assembly",
      `${JSON.stringify(command)} ended without an assembly: it must make an App of aws-cdk-lib (and call app.synth() if it does not end by itself)`,
    );
  }
  return { assembly };
}

function run(
  command: string,
  directory: string,
  onLine: ((line: string) => void) | undefined,
  variables: Record<string, string>,
): Promise<void> {
  const inherited = machineEnvironment();
  const bin = join(resolve(directory), "node_modules", ".bin");
  const child = spawn(command, {
    cwd: directory,
    shell: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, ...variables, PATH: `${bin}${delimiter}${inherited.PATH ?? ""}` },
  });
  let written = "";
  const read = (chunk: Buffer) => {
    written = (written + chunk.toString()).slice(-20_000);
    if (onLine === undefined) return;
    for (const line of chunk.toString().split("\n")) if (line.trim() !== "") onLine(line);
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  return new Promise((done, reject) => {
    child.once("error", (cause) => {
      reject(
        new LocalCloudError("app-failed", `${JSON.stringify(command)} did not start: ${cause.message}`, {
          cause,
        }),
      );
    });
    child.once("close", (code, signal) => {
      if (code === 0) done();
      else
        reject(
          new LocalCloudError(
            "app-failed",
            `${JSON.stringify(command)} failed (${signal ?? code})${onLine === undefined ? `:\n${written.trim()}` : "; what it wrote stands above"}`,
          ),
        );
    });
  });
}

function readJson<T extends object>(file: string): Partial<T> {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (cause) {
    throw new LocalCloudError("json-invalid", `${file} is not JSON`, { cause });
  }
}
