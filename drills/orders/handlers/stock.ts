import { consume } from "../../../src/consume/index.ts";
import { orderCreated } from "../contracts.ts";
import { effectsTable } from "../effects.ts";

const effects = effectsTable();

/** Takes the order's CDs from the shelf. */
export const handler = consume(orderCreated, async ({ data }, ctx) => {
  await effects.put({ pk: ctx.effectKey, cds: data.cds });
});
