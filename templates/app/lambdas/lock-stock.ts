import { consume } from "omnibus-aws";
import { orderCreated } from "../contracts/index.ts";

/** Runs once for each order: return, and it is done; throw, and it comes back later; PermanentError: a dead letter. */
export const handler = consume(orderCreated, async (event, ctx) => {
  // Hand ctx.effectKey to whoever does the work: it is the same on every try, so that they can know it again.
  ctx.log("LockStock ran", { orderId: event.data.orderId, effectKey: ctx.effectKey });
});
