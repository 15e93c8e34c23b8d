import { consume } from "../../src/consume/index.ts";
import { orderCreated } from "../orders/contracts.ts";
import { effectsTable } from "../orders/effects.ts";

const effects = effectsTable();

/** Notes an order in the table of this function, once for each run that counts: a replay's has an effect key of its own. */
export const handler = consume(orderCreated, async ({ data: { orderId, cents } }, ctx) => {
  await effects.put({ pk: ctx.effectKey, orderId, cents, atMs: Date.now() });
});
