import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const entry = new URL("../../bin/bus.ts", import.meta.url).pathname;

/** A running `bus`. */
export interface RunningBus {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly written: { out: string; err: string };
  /** Its exit code, once it has ended and all is read. */
  readonly ended: Promise<number | null>;
  /** Resolves when standard error holds `text`; rejects, with what was said, when it ends first. */
  said(text: string): Promise<void>;
  /** The same for a whole line of JSON on standard output, parsed. */
  json(): Promise<unknown>;
}

/**
 * Starts `bus` with these words, as a shell would; `program`: another than the project's own; `environment`: variables
 * besides this process's own; `input`: what comes in by standard input.
 */
export function runBus(
  words: readonly string[],
  {
    cwd = process.cwd(),
    program = entry,
    environment = {},
    input = "",
  }: { cwd?: string; program?: string; environment?: NodeJS.ProcessEnv; input?: string } = {},
): RunningBus {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [program, ...words], { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  // One that does not read it may have ended.
  child.stdin.on("error", () => undefined).end(input);
  const written = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    written.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    written.err += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  const when = <Value>(look: () => Value | undefined, what: string) =>
    new Promise<Value>((resolve, reject) => {
      const check = () => {
        const value = look();
        if (value !== undefined) resolve(value);
      };
      check();
      child.stdout.on("data", check);
      child.stderr.on("data", check);
      void ended.then(() => reject(new Error(`bus ended without ${what}:\n${written.out}\n${written.err}`)));
    });
  return {
    child,
    written,
    ended,
    said: async (text) => {
      await when(() => (written.err.includes(text) ? true : undefined), JSON.stringify(text));
    },
    json: () =>
      when(() => {
        const line = /^\{.*\}$/m.exec(written.out)?.[0];
        return line === undefined ? undefined : JSON.parse(line);
      }, "a line of JSON"),
  };
}
