import { createTally, playOnCloud } from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import type { DeliveryResult } from "./judge.ts";
import { app, consumers } from "./names.ts";
import type { DeliveryOptions } from "./options.ts";
import { play } from "./play.ts";
import { summarize } from "./summary.ts";

/**
 * Plays the delivery drill: events are lost in four ways, found, and sent again. Answers the result, or `undefined` when the
 * stage's signal ended it before there was one. Whatever it started has ended then.
 */
export async function runDelivery(
  options: DeliveryOptions,
  stage: Stage,
): Promise<DeliveryResult | undefined> {
  const tally = createTally(consumers);
  return playOnCloud(
    { app, stage, port: options.port, onLog: tally.take },
    {
      json: options.json,
      play: ({ cloud }) => play({ cloud, tally, orders: options.orders, stage }),
      summarize,
    },
  );
}
