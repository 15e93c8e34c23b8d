import { consume } from "../../../src/consume/index.ts";
import { orderCreated } from "../contracts.ts";
import { effectsTable } from "../effects.ts";

const effects = effectsTable();

/** Credits the customer with what the order cost. */
export const handler = consume(orderCreated, async ({ data }, ctx) => {
  await effects.put({ pk: ctx.effectKey, customer: data.customer, cents: data.cents });
});
