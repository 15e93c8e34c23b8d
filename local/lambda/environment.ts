import type { InvokeResult } from "../mapping/index.ts";

/** What one environment is asked to do. */
export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** When the function's time is up, in milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** What an environment answers: throttling is decided before one is asked. */
export type EnvironmentAnswer = Exclude<InvokeResult, { status: "throttled" }>;

/**
 * One place where a function runs, one invocation at a time: a worker thread, or a child process. Its life:
 *
 *     start ── ready (init done) ── invoke ── answer ── invoke ── … ── end
 *        └──── ready (with the error) ── end
 */
export interface Environment {
  /** Settles when the code is loaded: `undefined`, or the error payload why it could not be. Never rejects. */
  readonly ready: Promise<string | undefined>;
  /** Settles when the thread or process is gone, by itself or by `end`. */
  readonly ended: Promise<void>;
  /** The process, where it is one of its own. */
  readonly pid: number | undefined;
  /** Runs the handler once; the death of the environment is an answer too. Never rejects, never called while it runs. */
  invoke(invocation: Invocation): Promise<EnvironmentAnswer>;
  /** Ends it at once, in the middle of whatever runs; settles when it is gone. */
  end(): Promise<void>;
}

/** What is needed to start an environment. */
export interface EnvironmentOptions {
  readonly functionName: string;
  readonly functionArn: string;
  readonly codeDir: string;
  /** `file.export`. */
  readonly handler: string;
  readonly memoryMb: number;
  /** The whole environment that the code sees. */
  readonly variables: Readonly<Record<string, string>>;
  /** Gets each line of standard output and standard error. */
  readonly onLine: (line: string) => void;
}
