export {
  type Argument,
  type ArgumentsOf,
  type Command,
  type CommandGroup,
  command,
  type Option,
  type ValuesOf,
} from "./command.ts";
export { type ExitCode, exitCodes } from "./exit-codes.ts";
export { main } from "./main.ts";
export { plainText } from "./plain-text.ts";
export { type Program, runProgram } from "./program.ts";
export { createTerminal, type Streams, type Terminal } from "./terminal.ts";
export { UsageError } from "./usage-error.ts";
