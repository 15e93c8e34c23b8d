/** Where a process of `Book` is killed: before its transaction is sent, after it is committed and before its answer, after the answer. */
export const bookPoints = ["before-write", "before-answer", "after-answer"] as const;

/** Where a process of `Tell` is killed: before the call, in the effect's window, after the record. */
export const tellPoints = ["before-call", "after-call", "after-record"] as const;

export type CrashPoint = (typeof bookPoints)[number] | (typeof tellPoints)[number];

/** A process that stands at a crash point and waits for its end, as its log says it. */
export interface Crash {
  readonly point: CrashPoint;
  readonly pid: number;
  /** The transfer it stands at. */
  readonly index: number;
  /** Which of its invocations. */
  readonly invocation: string;
}

/** How a process ends at a crash point: never resolves. */
export type Die = (point: CrashPoint, index: number, invocation: string) => Promise<never>;

/** Prints the crash point, for the parent to read, and goes no further. */
export const standAt: Die = (point, index, invocation) => {
  process.stdout.write(`crash ${point} ${process.pid} ${index} ${invocation}\n`);
  return new Promise(() => {});
};

const form = new RegExp(`^crash (${[...bookPoints, ...tellPoints].join("|")}) (\\d+) (\\d+) (\\S+)$`);

/** Reads a line of a function's log; `undefined` for every other line. */
export function readCrash(line: string): Crash | undefined {
  const [, point, pid, index, invocation] = form.exec(line.trim()) ?? [];
  if (point === undefined || invocation === undefined) return undefined;
  return { point: point as CrashPoint, pid: Number(pid), index: Number(index), invocation };
}
