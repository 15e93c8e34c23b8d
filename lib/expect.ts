import type { Duration } from "aws-cdk-lib/core";
import { SettingsError } from "../src/errors.ts";
import { checkLoad, type Load, parseArrivals } from "../src/plan/index.ts";

/** What a consumer is expected to carry: numbers that cannot work fail at synth, and `bus plan` works with them. */
export interface Expect {
  /** Events that come, all the time: `"100/s"`, `"6000/min"`, `"2000/h"`, `"50000/day"`. */
  readonly arrivals: string;
  /** How long the handler takes for one event, in milliseconds, what it waits for included. */
  readonly handlerMs: number;
  /**
   * More for a while: `{ arrivals: "100000/s", lasts: Duration.seconds(10) }`.
   * @default none
   */
  readonly burst?: { readonly arrivals: string; readonly lasts: Duration };
  /**
   * How long what the handler calls may be down.
   * @default none
   */
  readonly outage?: Duration;
  /**
   * Bytes of one event as a message.
   * @default 1,024
   */
  readonly eventBytes?: number;
  /**
   * Ordered topics: how many partition keys have events waiting at one time.
   * @default as many as there are invocations
   */
  readonly groups?: number;
}

/** The load that is expected. Throws `SettingsError` (`load`) on what cannot be read. */
export function expectedLoad({ arrivals, handlerMs, burst, outage, eventBytes, groups }: Expect): Load {
  if (burst && burst.lasts === undefined) {
    throw new SettingsError(
      "load",
      "burst says nothing of how long it lasts: give burst.lasts, as in Duration.seconds(10)",
    );
  }
  return checkLoad({
    arrivalsPerSecond: parseArrivals(arrivals),
    handlerMs,
    ...(burst
      ? {
          burst: {
            perSecond: parseArrivals(burst.arrivals),
            forMs: burst.lasts.toMilliseconds(),
          },
        }
      : {}),
    ...(outage ? { outageMs: outage.toMilliseconds() } : {}),
    ...(eventBytes === undefined ? {} : { eventBytes }),
    ...(groups === undefined ? {} : { groups }),
  });
}
