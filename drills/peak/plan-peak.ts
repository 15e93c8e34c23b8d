import type { Limit } from "../../src/limits/index.ts";
import {
  type ConsumerWish,
  chooseConsumer,
  type Load,
  type PlannedConsumer,
  planLoad,
} from "../../src/plan/index.ts";
import { handlerMs } from "./options.ts";

/** A consumer for a burst, and how long `bus plan` says the burst takes to be handled, from its first event on. */
export function planPeak({
  events,
  perSecond,
  limit,
  wish = {},
}: {
  readonly events: number;
  readonly perSecond: number;
  readonly limit: Limit;
  /** @default all of it is what the plan chooses */
  readonly wish?: ConsumerWish;
}): { readonly consumer: PlannedConsumer; readonly drainSeconds: number } {
  const load: Load = {
    // Nothing but the burst.
    arrivalsPerSecond: 1e-6,
    handlerMs,
    burst: { perSecond, forMs: (events * 1_000) / perSecond },
  };
  const { consumer } = chooseConsumer(load, { ...wish, limits: [limit] });
  const { burst } = planLoad(load, consumer);
  return { consumer, drainSeconds: (burst?.drainedMs ?? Number.POSITIVE_INFINITY) / 1_000 };
}
