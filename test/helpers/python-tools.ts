import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const project = fileURLToPath(new URL("../../", import.meta.url));
const wanted = join(project, "test/helpers/python-tools.txt");
const folder = join(project, ".cache/venv");

/** AWS's own command line and Python SDK, of the releases in `python-tools.txt`. */
export interface PythonTools {
  readonly aws: string;
  readonly python: string;
}

/** Makes the virtual environment once; later runs find it. The first one needs a minute and the network. */
export async function pythonTools(): Promise<PythonTools> {
  const list = readFileSync(wanted, "utf8");
  const mark = join(folder, "python-tools.txt");
  if (!existsSync(mark) || readFileSync(mark, "utf8") !== list) {
    const making = `${folder}-${process.pid}`;
    mkdirSync(dirname(folder), { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    // Made in its place, because scripts in it name their interpreter by its whole path.
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin/python"), ["-m", "pip", "install", "--quiet", "-r", wanted]);
    await run("cp", [wanted, making]);
    renameSync(making, mark);
  }
  // The script's first line may be too long for the kernel; the interpreter takes it either way.
  return { aws: join(folder, "bin/aws"), python: join(folder, "bin/python") };
}
