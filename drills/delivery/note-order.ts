import { consume } from "../../src/consume/index.ts";
import { effectsTable } from "../orders/effects.ts";
import { orderCreated } from "./contracts.ts";

const effects = effectsTable();

/** Notes an order in the table of this function. */
export const handler = consume(orderCreated, async ({ data: { orderId, cents } }, ctx) => {
  await effects.put({ pk: ctx.effectKey, orderId, cents });
});
