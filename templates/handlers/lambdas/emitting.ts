import { consume } from "omnibus-aws";
import { orderCreated } from "../contracts/order-created.ts";
import { stockLocked } from "../contracts/stock-locked.ts";

/** LockStock, for each order.created: does its work, then says so with stock.locked. Throw, and it comes back later. */
export const handler = consume(orderCreated, async (event, ctx) => {
  // Do the work here, with ctx.effectKey as the idempotency key of whoever you call.
  ctx.log("LockStock ran", { orderId: event.data.orderId, effectKey: ctx.effectKey });
  // Stored in the same write that marks this event as done, then sent: if and only if it is done, and always under the
  // same id, so that the next consumer knows it again. A publisher of your own could do neither.
  ctx.emit(stockLocked, { orderId: event.data.orderId });
});
