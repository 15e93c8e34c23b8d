import {
  CommanderError,
  Command as Parser,
  Argument as ParserArgument,
  Option as ParserOption,
} from "commander";
import { describeError, OmnibusError } from "../src/errors.ts";
import type { Argument, Command, CommandGroup, Option } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What the program is called, and all that it can do. */
export interface Program {
  readonly version: string;
  readonly commands: readonly (Command | CommandGroup)[];
}

/**
 * Reads the command line, runs the command it names, and answers its exit code. Never throws and never exits:
 * whatever goes wrong is said on the terminal, and with `--json` also as the one JSON line.
 */
export async function runProgram(
  { version, commands }: Program,
  words: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const settle = (result: ExitCode) => {
    code = result;
  };
  const root = speakThrough(new Parser("bus"), terminal)
    .description("Omnibus: a serverless event bus for AWS. One app, many places; this is its command line.")
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 partial, 2 usage, 3 failed. Progress goes to standard error; with --json the last\nline of standard output is one JSON object.",
    );
  for (const entry of commands) {
    if ("commands" in entry) {
      const group = speakThrough(root.command(entry.name), terminal).description(entry.summary);
      for (const command of entry.commands) {
        addCommand(group, command, terminal, settle, { isDefault: command.name === entry.otherwise });
      }
    } else {
      addCommand(root, entry, terminal, settle);
    }
  }
  try {
    await root.parseAsync(words, { from: "user" });
    return code;
  } catch (thrown) {
    return explain(thrown, words.includes("--json"), terminal);
  }
}

function addCommand(
  parent: Parser,
  command: Command,
  terminal: Terminal,
  settle: (code: ExitCode) => void,
  { isDefault = false } = {},
): void {
  const parser = speakThrough(parent.command(command.name, { isDefault }), terminal).description(
    command.summary,
  );
  if (command.details !== undefined) parser.addHelpText("after", `\n${command.details}`);
  const named = Object.entries(command.arguments ?? {});
  for (const [, argument] of named) parser.addArgument(toParserArgument(argument));
  for (const [name, option] of Object.entries(command.options))
    parser.addOption(toParserOption(name, option));
  parser.allowExcessArguments(false).action(async () => {
    const words = Object.fromEntries(named.map(([name], index) => [name, parser.processedArgs[index]]));
    settle(await command.run(terminal, { ...optionsOf(command, parser), ...words }));
  });
}

/** Under their own names, where the parser has `dryRun` for `dry-run`; a switch that was not given is off. */
function optionsOf({ options }: Command, parser: Parser): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => {
      const option = new ParserOption(`--${name}`);
      const given: unknown = parser.getOptionValue(option.attributeName());
      // The parser has `cache`, true or false, for `--no-cache`.
      if (option.negate) return [name, given === false];
      return [name, given ?? (value === undefined ? false : undefined)];
    }),
  );
}

function toParserOption(name: string, option: Option): ParserOption {
  const flags = option.value === undefined ? `--${name}` : `--${name} ${option.value}`;
  const made = new ParserOption(flags, option.summary);
  if (option.parse) made.argParser(naming(`--${name}`, option.parse));
  if (option.fallback !== undefined) made.default(option.fallback, option.fallbackText);
  return made;
}

function toParserArgument({ value, summary, parse }: Argument): ParserArgument {
  const made = new ParserArgument(value, summary);
  if (parse) made.argParser(naming(value, parse));
  return made;
}

/** A parser whose refusals say which word they are about. */
function naming<Parse extends (typed: string, before?: unknown) => unknown>(word: string, parse: Parse) {
  return (typed: string, before: unknown) => {
    try {
      return parse(typed, before);
    } catch (thrown) {
      throw thrown instanceof UsageError ? new UsageError(`${word}: ${thrown.message}`) : thrown;
    }
  };
}

/** Commander's own words go where ours go, and it throws where it would have ended the process. */
function speakThrough(parser: Parser, terminal: Terminal): Parser {
  return parser
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
      getErrHelpWidth: () => terminal.screen?.columns ?? 100,
      getOutHelpWidth: () => terminal.screen?.columns ?? 100,
    })
    .showHelpAfterError("(add --help to see what is allowed)")
    .showSuggestionAfterError(true);
}

function explain(thrown: unknown, json: boolean, terminal: Terminal): ExitCode {
  if (thrown instanceof CommanderError) {
    // Help and version are asked for; a bare `bus` or `bus drill` prints its help because a word is missing.
    if (thrown.exitCode === 0 && thrown.code !== "commander.help") return exitCodes.done;
    if (json) terminal.printJson({ error: { code: "usage", message: thrown.message } });
    return exitCodes.usage;
  }
  const { message } = describeError(thrown);
  const code = thrown instanceof OmnibusError ? thrown.code : "failed";
  terminal.say(`bus: ${message}`);
  if (!(thrown instanceof OmnibusError) && thrown instanceof Error && thrown.stack)
    terminal.say(thrown.stack);
  for (let cause = causeOf(thrown); cause !== undefined; cause = causeOf(cause)) {
    terminal.say(`  because: ${describeError(cause).message}`);
  }
  if (json) terminal.printJson({ error: { code, message } });
  return thrown instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof Error ? thrown.cause : undefined;
}
