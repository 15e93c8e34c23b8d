import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Contract, contractKey, jsonSchemaOf } from "../../src/contract/index.ts";
import { ContractError } from "../../src/errors.ts";
import { machineEnvironment } from "../machine-environment.ts";

/** What `runPythonTest` takes. Paths are from the working directory. */
export interface PythonTest {
  /** A file of Python's own `unittest`. */
  readonly file: string;
  /** The folder of the handler's module, as in the `entry` of its construct. */
  readonly handlers: string;
  /** The contracts that the handler loads: `on` and `emits` of its construct. */
  readonly contracts: readonly Contract[];
}

/**
 * Runs a test in Python with what a deployed handler would find: the module `omnibus`, its own folder, and the contracts
 * as they are now. The interpreter is the one that `bus local` takes.
 *
 * Throws with the end of what Python wrote when a test fails, and `ContractError` for a contract without a JSON Schema.
 */
export async function runPythonTest({ file, handlers, contracts }: PythonTest): Promise<void> {
  // Loaded here: other tests start sooner without.
  const { findPython, runTool } = await import("../tools/index.ts");
  const folder = mkdtempSync(join(tmpdir(), "omnibus-python-"));
  try {
    const contractsPath = join(folder, "omnibus_contracts.json");
    writeFileSync(
      contractsPath,
      JSON.stringify({ v: 1, contracts: Object.fromEntries(contracts.map(entryOf)) }),
    );
    const modules = fileURLToPath(new URL("../../python/", import.meta.url));
    const inherited = machineEnvironment();
    const test = ["-m", "unittest", "discover", "-s", dirname(file), "-p", basename(file)];
    await runTool(findPython(process.cwd()), test, {
      environment: {
        ...inherited,
        OMNIBUS: "",
        OMNIBUS_CONTRACTS: contractsPath,
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONPATH: [modules, resolve(handlers), inherited.PYTHONPATH].filter(Boolean).join(delimiter),
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function entryOf(contract: Contract): readonly [key: string, entry: unknown] {
  const schema = jsonSchemaOf(contract);
  if (!schema) {
    throw new ContractError(
      "contract-schema",
      `${contract.type}: its validator offers no JSON Schema, which Python checks by: use one with Standard JSON Schema, such as zod 4`,
    );
  }
  const { type, version, topic, filterable, sensitive } = contract;
  return [contractKey(contract), { type, version, topic, filterable, sensitive, schema }];
}
