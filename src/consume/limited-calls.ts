import { LimitError } from "../errors.ts";
import type { BatchRun } from "./batch-run.ts";
import type { LimitedCalls } from "./context.ts";
import type { Readable } from "./delivery.ts";

/** Thrown out of `ctx.limit.run` where this invocation has no start left: the event comes back, no nearer to death. */
export class NoSlotError extends LimitError {
  readonly atMs: number;

  constructor(consumer: string, atMs: number) {
    super(
      "no-slot",
      `no start is left for consumer ${consumer} within this invocation; let this error pass: the event comes back for it`,
      { retryable: true },
    );
    this.atMs = atMs;
  }
}

/** `ctx.limit` of one event. Its calls are counted beside starts of the handler, if those are counted too. */
export function limitedCalls({ event }: Readable, run: BatchRun): LimitedCalls {
  const { limiter, deadline, clock, settings } = run;
  return {
    async run(call) {
      if (!limiter) {
        throw new LimitError(
          "no-limits",
          `consumer ${settings.consumer} called ctx.limit.run and has no limits: give them to consume(…, { limits }) and to the Consumer construct`,
        );
      }
      for (;;) {
        const [place] = (await limiter.reserve([event])).places;
        if (place?.status !== "slot") throw new NoSlotError(settings.consumer, place?.atMs ?? clock.nowMs());
        const { slot } = place;
        if (slot.startMs - clock.nowMs() > deadline.remainingMs() - settings.marginMs) {
          throw new NoSlotError(settings.consumer, slot.startMs);
        }
        const said = await slot.wait(deadline.signal);
        if (said === "start") return call();
        if (said === "aborted") throw new NoSlotError(settings.consumer, clock.nowMs());
      }
    },
  };
}
