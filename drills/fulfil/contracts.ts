import * as z from "zod";
import { defineEvent, pipeline, stage } from "../../src/index.ts";

/** What tells one order's run from another. `shop`: where the partners are, in this run. */
const about = z.object({ order: z.int(), shop: z.string() });
const schema = z.object({ ...about.shape, cents: z.int() });

const define = <const Type extends string>(type: Type) =>
  defineEvent(type, { version: 1, topic: "orders", schema });
export const orderPlaced = define("order.placed");
const riskPassed = define("risk.passed");
const stockLocked = define("stock.locked");
const orderPaid = define("order.paid");
const orderPacked = define("order.packed");

/** From an order to its parcel. */
export const fulfilOrder = pipeline(
  "fulfil-order",
  [
    stage("RiskCheck", orderPlaced, { gives: riskPassed, compensates: true }),
    stage("LockStock", riskPassed, { gives: stockLocked, compensates: true }),
    stage("Charge", stockLocked, { gives: orderPaid, compensates: true }),
    stage("Pack", orderPaid, { gives: orderPacked, compensates: true }),
    stage("Ship", orderPacked),
  ],
  { about },
);

/** Every contract that goes over the bus. */
export const contracts = [
  ...fulfilOrder.stages.map(({ on }) => on),
  ...Object.values(fulfilOrder.wiring).flatMap(({ emits }) => emits),
];
