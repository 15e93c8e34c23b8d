import { defineEvent, pipeline, stage } from "omnibus-aws";
import * as z from "zod";

const order = z.object({ orderId: z.string(), cents: z.int().nonnegative() });
const define = <const Type extends string>(type: Type) =>
  defineEvent(type, { version: 1, topic: "orders", schema: order });

export const orderCreated = define("order.created");
export const riskPassed = define("risk.passed");
export const stockLocked = define("stock.locked");
export const orderPaid = define("order.paid");

/**
 * An order's way: each stage takes the event that the one before gives. `about` tells one run from another, forward and back.
 * No code stands here: the stack and each stage's function share it.
 */
export const fulfilOrder = pipeline(
  "fulfil-order",
  [
    stage("RiskCheck", orderCreated, { gives: riskPassed }),
    stage("LockStock", riskPassed, { gives: stockLocked, compensates: true }),
    stage("Charge", stockLocked, { gives: orderPaid, withinMs: 15 * 60_000 }),
  ],
  { about: order.pick({ orderId: true }) },
);
