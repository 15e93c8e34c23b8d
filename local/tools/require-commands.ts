import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { machineEnvironment } from "../machine-environment.ts";
import { runTool } from "./run-tool.ts";
import { ToolsError } from "./tools-error.ts";

/** Programs that a part of the project needs beside Node. */
export type CommandName = "node" | "python3" | "java" | "mvn" | "go";

/** A program, and what needs it: `{ command: "mvn", for: "the Java publisher" }`. */
export interface WantedCommand {
  readonly command: CommandName;
  readonly for: string;
}

/** A program that is not there, or not as needed. */
export interface MissingCommand {
  readonly command: CommandName;
  /** One sentence: what is wrong, what it is needed for, how to get it. */
  readonly message: string;
}

interface Known {
  /** What people call it, with the least version. */
  readonly name: string;
  readonly least: readonly number[];
  /** Parameters that make it say its version; without them, being there is enough. */
  readonly ask?: readonly string[];
  /** What to say when it ran and failed. */
  readonly broken?: string;
  readonly get: string;
}

const known: Readonly<Record<CommandName, Known>> = {
  node: {
    name: "Node ≥ 22.18",
    least: [22, 18],
    ask: ["--version"],
    get: "npm ci (it brings one), or nodejs.org",
  },
  python3: {
    name: "Python ≥ 3.10",
    least: [3, 10],
    // Debian keeps half of `venv` in a package of its own.
    ask: ["-c", "import sys; print(sys.version); import ensurepip, venv"],
    broken: "it does not run, or has no venv (on Debian: apt install python3-venv)",
    get: "apt install python3 python3-venv, brew install python, or python.org",
  },
  java: {
    name: "Java ≥ 17",
    least: [17],
    ask: ["--version"],
    broken: "it does not say its version: it is older than 9, or does not run",
    get: "apt install openjdk-17-jdk, brew install openjdk@17, or adoptium.net",
  },
  // Asking Maven its version starts a whole JVM: it is enough that it is there.
  mvn: { name: "Maven", least: [], get: "apt install maven, brew install maven, or maven.apache.org" },
  // From 1.21 on, Go fetches the toolchain that a module asks for by itself.
  go: { name: "Go ≥ 1.21", least: [1, 21], ask: ["version"], get: "brew install go, or go.dev/dl" },
};

/**
 * Which of the programs are missing or too old, all asked at once (under a second). Empty when all is there.
 *
 * @param environment Where programs are looked for (`PATH`); this process's unless given.
 */
export async function missingCommands(
  wanted: readonly WantedCommand[],
  environment: Readonly<NodeJS.ProcessEnv> = machineEnvironment(),
): Promise<readonly MissingCommand[]> {
  const purposes = Map.groupBy(wanted, ({ command }) => command);
  const answers = await Promise.all(
    [...purposes].map(async ([command, uses]) => {
      const wrong = await whatIsWrong(command, environment);
      if (wrong === undefined) return [];
      const { name, get } = known[command];
      const need = [...new Set(uses.map((use) => use.for))].join(", ");
      return [{ command, message: `${command}: ${wrong}. ${name} is needed for ${need}. Get it: ${get}` }];
    }),
  );
  return answers.flat();
}

/** Throws `ToolsError` naming every program that is missing or too old, what it is for, and how to get it. */
export async function requireCommands(
  wanted: readonly WantedCommand[],
  environment: Readonly<NodeJS.ProcessEnv> = machineEnvironment(),
): Promise<void> {
  const missing = await missingCommands(wanted, environment);
  if (missing.length === 0) return;
  throw new ToolsError(
    "tools-missing",
    `this machine lacks ${missing.map(({ command }) => command).join(", ")}:\n${missing.map(({ message }) => `  ${message}`).join("\n")}`,
  );
}

/** Where on the `PATH` a program is; `undefined` when it is nowhere. */
export function findProgram(
  name: string,
  environment: Readonly<NodeJS.ProcessEnv> = machineEnvironment(),
): string | undefined {
  return (environment.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

async function whatIsWrong(
  command: CommandName,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<string | undefined> {
  const program = findProgram(command, environment);
  if (program === undefined) return "not found on the PATH";
  const { ask, least, broken } = known[command];
  if (ask === undefined) return undefined;
  let said: string;
  try {
    said = await runTool(program, ask, { environment });
  } catch (thrown) {
    return broken ?? `${program} does not run (${thrown instanceof Error ? thrown.message : thrown})`;
  }
  const version = /\d+(?:\.\d+)*/.exec(said)?.[0] ?? "";
  return isAtLeast(version.split(".").map(Number), least)
    ? undefined
    : `${program} is ${version || "of no known version"}`;
}

function isAtLeast(version: readonly number[], least: readonly number[]): boolean {
  for (const [place, needed] of least.entries()) {
    const has = version[place] ?? 0;
    if (has !== needed) return has > needed;
  }
  return true;
}
