import type { Clock } from "../../src/clock.ts";

const everyMs = 50;

/** Interrupts once `signal` aborts, and goes on until it is told to stop: what has not quite begun is not interrupted by one call. */
export function whenAborted(
  signal: AbortSignal | undefined,
  interrupt: () => void,
  clock: Clock,
): () => void {
  let cancel = () => {};
  const again = () => {
    interrupt();
    cancel = clock.after(everyMs, again);
  };
  signal?.addEventListener("abort", again, { once: true });
  if (signal?.aborted) again();
  return () => {
    signal?.removeEventListener("abort", again);
    cancel();
  };
}
