import * as z from "zod";
import { bus } from "../../drills/orders/consumers.ts";
import { defineEvent, pipeline, stage } from "../../src/index.ts";

/** What tells one order's run through the stages from another. */
const about = z.object({ order: z.int() });

const define = <const Type extends string>(type: Type) =>
  defineEvent(type, {
    version: 1,
    topic: "orders",
    schema: z.object({ ...about.shape, cents: z.int().positive(), isKilled: z.boolean() }),
  });

/** An order that was written, with this event in its own transaction. */
export const orderPromised = define("order.promised");

/** Stock is set aside, then the customer pays; one who cannot has it given back. */
export const keepPromise = pipeline(
  "keep-promise",
  [
    stage("Reserve", orderPromised, { gives: define("stock.reserved"), compensates: true }),
    stage("Pay", define("stock.reserved")),
  ],
  { about },
);

/** Orders, what was booked, and what each stage did; the outbox is the bus's own. */
export const promisesTable = `${bus}-promises`;
export const promisesSource = "//shop/promises";

/** Whoever is to pay more cannot. */
export const mostCents = 20_000;
