import type { Figures } from "./interleave.ts";

/** What a contender's process is told to do: the same for all of them. */
export interface Task {
  /** Units of work before the clock starts, so that the engine has compiled what is hot. */
  readonly warmUp: number;
  /** Units of work that are measured. */
  readonly measured: number;
}

/** What one measured stretch took. */
export interface Stretch {
  readonly cpuMicros: number;
  readonly wallMs: number;
  /** What the contender found out about itself, memory for example. */
  readonly figures: Figures;
}

/** What a contender can do. */
export interface Contender {
  /** Makes what `count` units of work need, outside of the measured stretch. */
  prepare(count: number): void;
  /** Does `count` units of work; resolves when all of it is done, throws when it was not. */
  work(count: number): Promise<void>;
  /** Looks, outside of the measured stretch, whether the `count` units were really done; throws when not. */
  verify?(count: number): Promise<void>;
  /** Asked once, after the measured stretch. */
  figures?(): Figures;
}

/**
 * The other end of `runContender`: warms up, waits for the word, measures, tells. Call it once, at the end of a
 * contender's script.
 */
export function contend({ prepare, work, verify, figures }: Contender): void {
  const { warmUp, measured } = JSON.parse(process.argv[3] ?? "") as Task;
  const onWord = (act: () => Promise<unknown>) => {
    process.once("message", () => {
      act().then(
        (answer) => process.send?.(answer as object),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  };
  onWord(async () => {
    prepare(warmUp);
    await work(warmUp);
    await verify?.(warmUp);
    prepare(measured);
    onWord(async () => {
      const took = await stretch(() => work(measured));
      await verify?.(measured);
      return { ...took, figures: figures?.() ?? {} } satisfies Stretch;
    });
    return "warm";
  });
}

/** CPU of this whole process, collector and SDK included, and time on the wall. */
async function stretch(work: () => Promise<void>): Promise<Omit<Stretch, "figures">> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMicros: user + system, wallMs: performance.now() - startMs };
}
