import { sleep, systemClock } from "../../src/clock.ts";
import { OmnibusError } from "../../src/errors.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Waits for outcomes in virtual time, and for handlers in real time. */
export interface Patience {
  /** Runs a handler: virtual time stands still meanwhile, since what it waits for takes real time. */
  during<T>(name: string, work: () => Promise<T>): Promise<T>;
  /**
   * Moves time on until `look` finds something, and answers it. Throws what `giveUp` makes of the reason when nothing is
   * left that could bring it about, or after `withinMs` of virtual time.
   */
  until<T>(look: () => T | undefined, withinMs: number, giveUp: (why: string) => Error): Promise<T>;
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
  const running = new Map<Promise<unknown>, string>();

  const oneEnds = async () => {
    const waiting = new AbortController();
    const late = sleep(systemClock, realMs, waiting.signal).then(() => {
      if (waiting.signal.aborted) return;
      const names = [...new Set(running.values())].join(", ");
      throw new OmnibusError(
        "handler-runs",
        `${names}: the handler has not returned for ${realMs} ms. Virtual time stands still while a handler runs: what it awaits on bus.clock needs bus.clock.advance(); for what takes longer, give createTestBus more patienceMs`,
      );
    });
    try {
      await Promise.race([...running.keys(), late]);
    } finally {
      waiting.abort();
    }
  };

  return {
    async during(name, work) {
      const run = work();
      const ended = run.catch(() => undefined);
      running.set(ended, name);
      try {
        return await run;
      } finally {
        running.delete(ended);
      }
    },
    async until(look, withinMs, giveUp) {
      const endMs = clock.nowMs() + withinMs;
      let quietSinceMs: number | undefined;
      for (;;) {
        await clock.advance(0);
        const found = look();
        if (found !== undefined) return found;
        if (running.size > 0) {
          await oneEnds();
          continue;
        }
        quietSinceMs = isIdle() ? (quietSinceMs ?? clock.nowMs()) : undefined;
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
