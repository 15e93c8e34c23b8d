import { runStage } from "omnibus-aws";
import { fulfilOrder } from "../contracts/fulfil-order.ts";

/** LockStock: takes the goods from the shelf, and puts them back when a later stage refuses. */
export const handler = runStage(fulfilOrder, "LockStock", {
  handle: ({ data }, ctx) => {
    // Lock them here under ctx.runKey: it is the same in compensate, and on every try.
    ctx.log("locked", { orderId: data.orderId, runKey: ctx.runKey });
    return data;
  },
  compensate: ({ about }, ctx) => {
    // Free what lies under ctx.runKey, if anything does: it may be asked where nothing was locked, or only half of it.
    ctx.log("freed", { orderId: about.orderId, runKey: ctx.runKey });
  },
});
