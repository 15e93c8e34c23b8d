import type { ExitCode } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/**
 * One option of a command, under its long name: `{ port: { value: "<number>", … } }` is `--port <number>`.
 * Without `value` it is a switch.
 */
export interface Option {
  /** The placeholder of the value, as in `<number>`; one in brackets may be left out: then the value is `true`. */
  readonly value?: string;
  /** One line of help. */
  readonly summary: string;
  /**
   * Makes the value out of what was typed; throws `UsageError` when it cannot. An option that was given twice has the last
   * value, unless its parser joins it with the one `before`.
   */
  readonly parse?: (typed: string, before?: unknown) => unknown;
  /** What holds when the option is not given. */
  readonly fallback?: unknown;
  /** How the help writes the fallback; the fallback itself unless told. */
  readonly fallbackText?: string;
}

/** A word without a name of its own, in the order of the command line: `bus new app <dir>`. */
export interface Argument {
  /** The placeholder: `<dir>` must be given, `[dir]` may be left out. */
  readonly value: string;
  /** One line of help. */
  readonly summary: string;
  /** Makes the value out of what was typed; throws `UsageError` when it cannot. */
  readonly parse?: (typed: string) => unknown;
}

/** What a command's `run` is given for its arguments: `undefined` for one in brackets that was left out. */
export type ArgumentsOf<Arguments extends Readonly<Record<string, Argument>>> = {
  readonly [Name in keyof Arguments]:
    | (Arguments[Name] extends { readonly parse: (typed: string) => infer Value } ? Value : string)
    | (Arguments[Name] extends { readonly value: `[${string}` } ? undefined : never);
};

/** What a command's `run` is given: one value per option, typed by its parser. */
export type ValuesOf<Options extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof Options]: Options[Name] extends { readonly value: string }
    ?
        | (Options[Name] extends { readonly parse: (typed: string) => infer Value } ? Value : string)
        | (Options[Name] extends { readonly fallback: infer Fallback } ? Fallback : undefined)
        | (Options[Name] extends { readonly value: `[${string}` } ? true : never)
    : boolean;
};

/** A command is data: what it is called, what it takes, and what it does. It throws, and never exits the process. */
export interface Command {
  readonly name: string;
  /** One line: what the reader gets. */
  readonly summary: string;
  /** Shown below the options: examples, what happens. */
  readonly details?: string;
  /** In the order in which they are typed; those in brackets last. */
  readonly arguments?: Readonly<Record<string, Argument>>;
  readonly options: Readonly<Record<string, Option>>;
  run(terminal: Terminal, values: Readonly<Record<string, unknown>>): Promise<ExitCode>;
}

/** Commands under a common word, as in `bus drill orders`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
  /** The command that is meant where the next word names none of them. */
  readonly otherwise?: string;
}

/**
 * Types a command's `run` by its arguments and options.
 *
 * @example
 * export const ping = command({
 *   name: "ping",
 *   summary: "Says pong",
 *   options: { times: { value: "<count>", summary: "how often", parse: count, fallback: 1 } },
 *   run: async (terminal, { times }) => { … return exitCodes.done; },
 * });
 */
export function command<
  const Options extends Readonly<Record<string, Option>>,
  // biome-ignore lint/complexity/noBannedTypes: a command without arguments adds nothing to its values
  const Arguments extends Readonly<Record<string, Argument>> = {},
>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly arguments?: Arguments;
  readonly options: Options;
  readonly run: (terminal: Terminal, values: ValuesOf<Options> & ArgumentsOf<Arguments>) => Promise<ExitCode>;
}): Command {
  return {
    ...definition,
    run: (terminal, values) => definition.run(terminal, values as ValuesOf<Options> & ArgumentsOf<Arguments>),
  };
}
