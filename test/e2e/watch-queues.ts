import {
  type Backlog,
  createTally,
  type DrillConsumer,
  waitUntilSettled,
  watchBacklog,
} from "../../drills/frame/index.ts";
import { type Emulator, queueDepths } from "../../local/emulator/index.ts";
import { describeError } from "../../src/errors.ts";

/** Longer than the visibility timeout of a function that ran into its time limit. */
const stallMs = 200_000;
const linesOfOutput = 20;

/** The work queues of some consumers, looked at once a second. */
export interface WatchedQueues<Name extends string> {
  readonly backlog: Backlog<Name>;
  /** Resolves when no queue holds anything; rejects when nothing moves any more, or when aborted. */
  settled(signal: AbortSignal): Promise<void>;
  stop(): void;
}

/** Watches until stopped. */
export function watchQueues<Name extends string>(
  emulator: Emulator,
  consumers: readonly DrillConsumer<Name>[],
): WatchedQueues<Name> {
  const queues = queueDepths(
    emulator,
    consumers.map(({ queueName }) => queueName),
  );
  const backlog = watchBacklog({ consumers, queues: queues.look, everyMs: 1_000 });
  return {
    backlog,
    settled: async (signal) => {
      const settling = waitUntilSettled({
        consumers,
        backlog,
        tally: createTally(consumers),
        stallMs,
        signal,
      });
      await settling.catch((error: unknown) => {
        const last = emulator.output().trim().split("\n").slice(-linesOfOutput).join("\n");
        throw new Error(`${describeError(error).message}\nthe emulator said last:\n${last}`, {
          cause: error,
        });
      });
      signal.throwIfAborted();
    },
    stop: () => {
      backlog.stop();
      queues.close();
    },
  };
}
