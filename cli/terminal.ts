import { createInterface } from "node:readline/promises";
import { jsonLine, plainText } from "./plain-text.ts";

/** Where a command runs and speaks: nothing in `cli/` touches the process but through this. */
export interface Terminal {
  /** Prose and progress, one line or more, to standard error. Control characters are stripped. */
  say(text: string): void;
  /** The result for people, to standard output. Control characters are stripped. */
  print(text: string): void;
  /** The result for programs: one line of JSON, the last on standard output. */
  printJson(value: unknown): void;
  /** Bytes as they are, to standard error: a display that moves the cursor. Never hand it text from outside. */
  draw(text: string): void;
  /** Whether standard error is a screen that can be redrawn; its width in characters. */
  readonly screen: { readonly columns: number } | undefined;
  /** Asks the person at the keyboard and answers what was typed; `undefined` where nobody can be asked, or after Ctrl-C. */
  ask(question: string): Promise<string | undefined>;
  /** What comes in by a pipe, for a command that is told to read it. */
  readonly stdin: AsyncIterable<Buffer | string>;
  /** Where the command was started. */
  readonly directory: string;
  /** When the process started, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** Aborted by the first Ctrl-C: end what was begun, within two seconds. */
  readonly signal: AbortSignal;
  /** Aborted by it, too, and when nobody reads standard output any more (`bus … | head`): what only shows ends then. */
  readonly showing: AbortSignal;
}

/** The streams of a process, or a test's stand-ins. */
export interface Streams {
  readonly stdin: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

/** A `Terminal` over two streams. */
export function createTerminal({
  stdin,
  stdout,
  stderr,
  directory,
  startedAtMs,
  signal,
  unread,
}: Streams & {
  readonly directory: string;
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  /** Aborted when the reader of `stdout` has gone. */
  readonly unread: AbortSignal;
}): Terminal {
  return {
    say: (text) => {
      stderr.write(`${plainText(text)}\n`);
    },
    print: (text) => {
      stdout.write(`${plainText(text)}\n`);
    },
    printJson: (value) => {
      stdout.write(`${jsonLine(value)}\n`);
    },
    draw: (text) => {
      stderr.write(text);
    },
    ask: async (question) => {
      if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
      const lines = createInterface({
        input: stdin as NodeJS.ReadableStream,
        output: stderr as NodeJS.WritableStream,
      });
      // Ctrl-C comes to the reader of lines, and has to end more than the question.
      lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
      const typed = lines.question(plainText(question), { signal });
      const answer = await typed.catch(() => undefined);
      lines.close();
      return answer;
    },
    screen: stderr.isTTY ? { columns: stderr.columns || 80 } : undefined,
    stdin,
    directory,
    startedAtMs,
    signal,
    showing: AbortSignal.any([signal, unread]),
  };
}
