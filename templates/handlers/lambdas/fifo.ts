import { consume } from "omnibus-aws";
import { orderCreated } from "../contracts/order-created-fifo.ts";

/**
 * LockStock, for each order.created in the order of its partition key. One that fails holds back those of its key until it
 * is handled or dead, and no others: choose a key with many values, and let what can never work throw PermanentError.
 */
export const handler = consume(orderCreated, async (event, ctx) => {
  // Do the work here: no other event of this key runs meanwhile.
  ctx.log("LockStock ran", { orderId: event.data.orderId, partitionkey: event.partitionkey ?? "" });
});
