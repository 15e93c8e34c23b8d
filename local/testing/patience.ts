import { sleep, systemClock } from "../../src/clock.ts";
import { OmnibusError } from "../../src/errors.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Waits for outcomes in virtual time, and for handlers in real time. */
export interface Patience {
  /** Runs a handler: virtual time stands still meanwhile, since what it waits for takes real time. */
  during<T>(name: string, work: (inVirtualTime: InVirtualTime) => Promise<T>): Promise<T>;
  /**
   * Moves time on until `look` finds something, and answers it. Throws what `giveUp` makes of the reason when nothing is
   * left that could bring it about, or after `withinMs` of virtual time.
   */
  until<T>(look: () => T | undefined, withinMs: number, giveUp: (why: string) => Error): Promise<T>;
}

/** For what a handler awaits on the virtual clock: time moves during `wait`, but not during what it does in `real`. */
export type InVirtualTime = <T>(
  wait: (real: <U>(work: () => U | Promise<U>) => Promise<U>) => Promise<T>,
) => Promise<T>;

interface Run {
  readonly name: string;
  /** How many things it awaits in virtual time, and how many it does in between. */
  waits: number;
  works: number;
}

/** Somebody may still linger over a batch when all queues are empty. */
const lingerMs = 1_000;

/** Makes a `Patience`. `isIdle`: whether all queues are empty; `realMs`: how long one handler may take. */
export function createPatience({
  clock,
  isIdle,
  realMs,
}: {
  clock: VirtualClock;
  isIdle: () => boolean;
  realMs: number;
}): Patience {
  const runs = new Set<Run>();
  let change = Promise.withResolvers<void>();
  const changed = () => {
    change.resolve();
    change = Promise.withResolvers();
  };
  const busy = () => [...runs].filter(({ waits, works }) => waits === 0 || works > 0);

  const oneEnds = async () => {
    const waiting = new AbortController();
    const late = sleep(systemClock, realMs, waiting.signal).then(() => {
      if (waiting.signal.aborted) return;
      const names = [...new Set(busy().map(({ name }) => name))].join(", ");
      throw new OmnibusError(
        "handler-runs",
        `${names}: the handler has not returned for ${realMs} ms. Virtual time stands still while a handler runs: what it awaits on bus.clock needs bus.clock.advance(); for what takes longer, give createTestBus more patienceMs`,
      );
    });
    try {
      await Promise.race([change.promise, late]);
    } finally {
      waiting.abort();
    }
  };

  return {
    async during(name, work) {
      const run: Run = { name, waits: 0, works: 0 };
      const counted = async <T>(what: "waits" | "works", awaited: () => T | Promise<T>): Promise<T> => {
        run[what]++;
        changed();
        try {
          return await awaited();
        } finally {
          run[what]--;
          changed();
        }
      };
      runs.add(run);
      try {
        return await work((wait) => counted("waits", () => wait((real) => counted("works", real))));
      } finally {
        runs.delete(run);
        changed();
      }
    },
    async until(look, withinMs, giveUp) {
      const endMs = clock.nowMs() + withinMs;
      let quietSinceMs: number | undefined;
      for (;;) {
        await clock.advance(0);
        const found = look();
        if (found !== undefined) return found;
        if (busy().length > 0) {
          await oneEnds();
          continue;
        }
        quietSinceMs = isIdle() && runs.size === 0 ? (quietSinceMs ?? clock.nowMs()) : undefined;
        const { nextMs } = clock;
        if (nextMs === undefined || (quietSinceMs !== undefined && nextMs > quietSinceMs + lingerMs)) {
          throw giveUp("nothing is left to be done");
        }
        if (nextMs > endMs) throw giveUp(`${withinMs / 1_000} s of virtual time have passed`);
        await clock.advance(nextMs - clock.nowMs());
      }
    },
  };
}
