import { consume } from "omnibus-aws";
import { orderCreated } from "../contracts/order-created.ts";

/**
 * LockStock, for each order.created. Return: it is done, and never runs again for this event. Throw: it comes back later,
 * with backoff. Throw PermanentError: it is a dead letter at once, with your reason.
 */
export const handler = consume(orderCreated, async (event, ctx) => {
  // Do the work here. Whoever you call gets ctx.effectKey: it is the same on every try, so that they can know it again,
  // and ctx.signal, which aborts before Lambda ends this invocation.
  ctx.log("LockStock ran", { orderId: event.data.orderId, effectKey: ctx.effectKey });
});
