import { type Clock, systemClock } from "../../src/clock.ts";

/** The most memory that was seen. */
export interface MemoryWatch {
  /** Looks a last time, and answers the most in MB. */
  end(): Promise<number>;
}

/** Looks at the memory of all processes every `everyMs`. @default 10,000: a look walks the process table, and starting `ps` from a large process halts it for 60 ms */
export function watchMemory({
  memoryMb,
  clock = systemClock,
  everyMs = 10_000,
}: {
  readonly memoryMb: () => Promise<number>;
  readonly clock?: Clock;
  readonly everyMs?: number;
}): MemoryWatch {
  let most = 0;
  let cancel = () => {};
  let ended = false;
  const look = async () => {
    most = Math.max(most, await memoryMb());
  };
  const plan = () => {
    cancel = clock.after(everyMs, () => {
      // One missed look is no reason to end a run; the last one tells if none can be had.
      void look()
        .catch(() => undefined)
        .then(() => ended || plan());
    });
  };
  plan();
  return {
    async end() {
      ended = true;
      cancel();
      await look();
      return most;
    },
  };
}
