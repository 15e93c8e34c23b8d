import { consume } from "../../../src/consume/index.ts";
import { orderCreated } from "../contracts.ts";
import { effectsTable } from "../effects.ts";

const effects = effectsTable();

/** Ships the order. */
export const handler = consume(orderCreated, async ({ data }, ctx) => {
  await effects.put({ pk: ctx.effectKey, orderId: data.orderId });
});
