import { consume } from "omnibus-aws";
import { orderCreated } from "../contracts/order-created.ts";

/**
 * LockStock, for each order.created, in mode "record": for work that may be done twice without harm, such as putting a
 * whole row. Nothing is claimed before it runs, so it costs one write instead of two, and a second delivery runs it again.
 */
export const handler = consume(orderCreated, async (event, ctx) => {
  // Put, do not add: the outcome must be the same however often this runs.
  ctx.log("LockStock ran", { orderId: event.data.orderId });
});
