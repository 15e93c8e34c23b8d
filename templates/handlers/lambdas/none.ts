import { consume } from "omnibus-aws";
import { orderCreated } from "../contracts/order-created.ts";

/**
 * LockStock, for each order.created, in mode "none": nothing is written down, so nothing is known of what was done, and each
 * delivery runs it. For work of which neither loss of a record nor a second run matters, such as a counter on a screen.
 */
export const handler = consume(orderCreated, async (event, ctx) => {
  ctx.log("LockStock ran", { orderId: event.data.orderId });
});
