import { z } from "zod";
import { defineEvent } from "../../src/contract/index.ts";
import { pipeline, stage } from "../../src/stages/index.ts";

const event = <const Type extends string>(type: Type) =>
  defineEvent(type, {
    version: 1,
    topic: "orders",
    schema: z.object({ orderId: z.string(), cents: z.number().int() }),
  });

export const orderCreated = event("order.created");
export const riskPassed = event("risk.passed");
export const stockLocked = event("stock.locked");
export const orderPaid = event("order.paid");

export const about = z.object({ orderId: z.string() });

/** Risk has nothing to undo, stock and payment have, shipping ends it. */
export const fulfilOrder = pipeline(
  "fulfil-order",
  [
    stage("RiskCheck", orderCreated, { gives: riskPassed }),
    stage("LockStock", riskPassed, { gives: stockLocked, compensates: true }),
    stage("Charge", stockLocked, { gives: orderPaid, compensates: true, withinMs: 600_000 }),
    stage("Ship", orderPaid, { compensates: true }),
  ],
  { about },
);

export const order = (orderId = "o-1") => ({ orderId, cents: 1250 });
