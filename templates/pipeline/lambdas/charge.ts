import { runStage, StageRefused } from "omnibus-aws";
import { fulfilOrder } from "../contracts/fulfil-order.ts";

/**
 * Charge: the last stage. StageRefused sends the run back from LockStock, since nothing of this one stands; any other throw is tried
 * again, and sends it back when the attempts are used up.
 */
export const handler = runStage(fulfilOrder, "Charge", {
  handle: ({ data }, ctx) => {
    // Call your payment provider here, with ctx.runKey as its idempotency key. Until then, it takes up to 500.00.
    if (data.cents > 50_000) throw new StageRefused("card declined");
    ctx.log("charged", { orderId: data.orderId, runKey: ctx.runKey });
    return data;
  },
});
