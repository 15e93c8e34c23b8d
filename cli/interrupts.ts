import { type Clock, systemClock } from "../src/clock.ts";
import { killDescendants } from "./descendants.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

/** How long a command has to end what it began, so that all is over two seconds after Ctrl-C. */
const patienceMs = 1_700;

/** What the signals have asked for so far. */
export interface Interrupts {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit code that the first signal asks for; `undefined` while none came. */
  code(): ExitCode | undefined;
}

/**
 * Ctrl-C, SIGTERM and a closed terminal: the first asks the command to end, the second (or 1.7 s) ends the process
 * with all its children by force.
 */
export function watchInterrupts({
  process,
  end,
  clock = systemClock,
  kill = killDescendants,
}: {
  readonly process: { on(signal: NodeJS.Signals, listener: () => void): unknown; readonly pid: number };
  readonly end: (code: ExitCode) => void;
  readonly clock?: Clock;
  readonly kill?: (pid: number) => void;
}): Interrupts {
  const controller = new AbortController();
  let asked: ExitCode | undefined;
  const force = () => {
    kill(process.pid);
    end(asked ?? exitCodes.interrupted);
  };
  const listen = (signal: NodeJS.Signals, code: ExitCode) => {
    process.on(signal, () => {
      if (asked !== undefined) return force();
      asked = code;
      clock.after(patienceMs, force);
      controller.abort();
    });
  };
  listen("SIGINT", exitCodes.interrupted);
  listen("SIGTERM", exitCodes.terminated);
  listen("SIGHUP", exitCodes.terminated);
  return { signal: controller.signal, code: () => asked };
}
