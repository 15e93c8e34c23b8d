import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";
import { makeOnce } from "./make-once.ts";
import { runTool } from "./run-tool.ts";

/** A virtual environment of Python. */
export interface PythonVenv {
  readonly python: string;
  /** A script that a package brought: `script("aws")`. */
  readonly script: (name: string) => string;
}

/**
 * Makes a virtual environment in `folder` with these packages (lines as in a `requirements.txt`, pinned), once: later
 * calls need no network, until the requirements change. Throws `ToolsError` with pip's words when it fails.
 *
 * @example
 * const { python } = await pythonVenv({ folder: cacheFolder("venv-ric"), requirements: ["awslambdaric==4.2.2"] });
 */
export async function pythonVenv({
  folder,
  requirements,
  python = "python3",
  clock = systemClock,
}: {
  readonly folder: string;
  readonly requirements: readonly string[];
  /** The interpreter that it is made of. @default "python3", the first on the PATH */
  readonly python?: string;
  readonly clock?: Clock;
}): Promise<PythonVenv> {
  const bin = join(folder, "bin");
  await makeOnce({
    folder,
    recipe: `${python}\n${requirements.join("\n")}\n`,
    // Made in its place: scripts in it name their interpreter by its whole path.
    make: async (into) => {
      await runTool(python, ["-m", "venv", into]);
      const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
      await runTool(join(bin, "python"), [...pip, ...requirements]);
    },
    clock,
  });
  return { python: join(bin, "python"), script: (name) => join(bin, name) };
}
