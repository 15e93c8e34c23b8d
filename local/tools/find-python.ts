import { existsSync } from "node:fs";
import { join } from "node:path";
import { machineEnvironment } from "../machine-environment.ts";
import { runTool } from "./run-tool.ts";
import { ToolsError } from "./tools-error.ts";

/**
 * The interpreter for functions in Python: `OMNIBUS_PYTHON`, else the app's own `.venv/bin/python`, else the `python3`
 * of the PATH.
 */
export function findPython(
  directory: string,
  environment: Readonly<NodeJS.ProcessEnv> = machineEnvironment(),
): string {
  const own = join(directory, ".venv", "bin", "python");
  return environment.OMNIBUS_PYTHON || (existsSync(own) ? own : "python3");
}

/**
 * Throws `ToolsError` with the line to type when `python` cannot run functions: it is not there, or it lacks AWS's
 * runtime client or the SDK that Lambda's own runtime has.
 */
export async function requireLambdaPython(python: string): Promise<void> {
  const missing = await missingModules(python);
  if (missing.length === 0) return;
  throw new ToolsError(
    "python-packages",
    `${python} lacks ${missing.join(" and ")}, which functions in Python need here: ${installLine(python, missing)}`,
  );
}

const needed = ["awslambdaric", "boto3"];

async function missingModules(python: string): Promise<readonly string[]> {
  const program = `import importlib.util as u; print(*[m for m in ${JSON.stringify(needed)} if u.find_spec(m) is None])`;
  try {
    const said = await runTool(python, ["-c", program]);
    return said.split(/\s+/).filter(Boolean);
  } catch (cause) {
    throw new ToolsError(
      "python-missing",
      `functions in Python need Python ≥ 3.10 here, and ${python} does not run: install it, make a .venv in the app's folder, or name another in OMNIBUS_PYTHON`,
      { cause },
    );
  }
}

/** Into the interpreter itself where it is one of a virtual environment, else into a new one. */
function installLine(python: string, missing: readonly string[]): string {
  return python === "python3"
    ? `python3 -m venv .venv && .venv/bin/python -m pip install ${missing.join(" ")}`
    : `${python} -m pip install ${missing.join(" ")}`;
}
