import { systemClock } from "../../../src/clock.ts";
import { consume } from "../../../src/consume/index.ts";
import { effectsTable } from "../../orders/effects.ts";
import { orderWritten } from "../contracts.ts";

const effects = effectsTable();

/** Credits the customer with what the order cost. */
export const handler = consume(orderWritten, async ({ data }, ctx) => {
  await effects.put({ pk: ctx.effectKey, ...data, handledMs: systemClock.nowMs() });
});
