import { Readable } from "node:stream";
import { type Command, type CommandGroup, runProgram } from "../../cli/index.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

/** What a command has answered. */
export interface BusAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Its line of JSON, parsed, where `--json` asked for one. */
  readonly json: ReturnType<typeof JSON.parse>;
}

/**
 * Runs a command of `bus` to its end in this process: a tenth of what a process of its own costs, which the tests of
 * Ctrl-C, kills and `bus local` need. `environment`: variables besides this process's own while it runs, so one command
 * at a time; `input`: what comes in by standard input.
 */
export async function busHere(
  commands: readonly (Command | CommandGroup)[],
  words: readonly string[],
  {
    directory,
    environment = {},
    input = "",
  }: { directory: string; environment?: NodeJS.ProcessEnv; input?: string },
): Promise<BusAnswer> {
  const terminal = recordedTerminal();
  const before = { ...process.env };
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  try {
    const stdin = Readable.from(input === "" ? [] : [input]);
    const here = { ...terminal, directory, stdin };
    const code = await runProgram({ version: "0.0.0", commands }, words, here);
    const { out, err } = terminal.written;
    const last = out.trimEnd().split("\n").at(-1) ?? "";
    return { code, out, err, json: words.includes("--json") ? JSON.parse(last) : undefined };
  } finally {
    process.env = before;
  }
}
