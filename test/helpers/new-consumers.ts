import { newGroup } from "../../cli/commands/new.ts";
import { exitCodes, runProgram } from "../../cli/index.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

/**
 * `bus new consumer … --json` in a folder, for each list of words. A process of its own, because contracts are loaded as
 * Node loads them.
 */
const [directory = "", asked = "[]"] = process.argv.slice(2);
for (const words of JSON.parse(asked) as readonly (readonly string[])[]) {
  const terminal = { ...recordedTerminal(), directory };
  const program = { version: "0.0.0", commands: [newGroup] };
  const code = await runProgram(program, ["new", "consumer", ...words, "--json"], terminal);
  process.stdout.write(terminal.written.out);
  if (code !== exitCodes.done) process.exitCode = code;
}
