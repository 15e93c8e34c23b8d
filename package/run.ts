import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { project } from "./source-files.ts";

/** Runs a program in the project's folder and answers what it printed; what it complained about is the error. */
export async function run(program: string, args: readonly string[], directory = project): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: directory,
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  } catch (cause) {
    const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${[program, ...args].join(" ")} failed:\n${stdout}${stderr}`.trimEnd(), { cause });
  }
}
