/**
 * Checked by the compiler, not run: what a wrong contract, a wrong field or a wrong value must not compile to.
 * An `@ts-expect-error` without an error is an error itself.
 */
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import {
  type Contract,
  type DataOf,
  defineEvent,
  type EventOf,
  type InputOf,
  sealEvent,
} from "../../src/contract/index.ts";

type Same<Left, Right> =
  (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;
const holds = <Holds extends true>(): Holds | undefined => undefined;

const stamp = { source: "urn:shop", id: "1", timeMs: 0 };
const byZod = defineEvent("order.created", {
  version: 2,
  topic: "orders",
  schema: z.object({ orderId: z.string(), total: z.string().transform(Number) }),
  filterable: ["total"],
  sensitive: ["orderId"],
  upcast: { 1: (older: { orderId: string }) => ({ ...older, total: "0" }) },
});
const byValibot = defineEvent("order.paid", {
  version: 1,
  topic: "orders",
  schema: v.object({ orderId: v.string(), cents: v.optional(v.number(), 0) }),
  filterable: ["cents"],
});
const byArktype = defineEvent("order.shipped", {
  version: 1,
  topic: "orders",
  schema: type({ orderId: "string", parcels: "number" }),
  filterable: ["parcels"],
});

holds<Same<typeof byZod.type, "order.created">>();
holds<Same<InputOf<typeof byZod>, { orderId: string; total: string }>>();
holds<Same<DataOf<typeof byZod>, { orderId: string; total: number }>>();
holds<Same<InputOf<typeof byValibot>, { orderId: string; cents?: number | undefined }>>();
holds<Same<DataOf<typeof byValibot>, { orderId: string; cents: number }>>();
holds<Same<DataOf<typeof byArktype>, { orderId: string; parcels: number }>>();
holds<Same<EventOf<typeof byZod>["data"]["total"], number>>();
// @ts-expect-error `Same` itself tells types apart.
holds<Same<DataOf<typeof byZod>, { orderId: string; total: string }>>();

export const anyContracts: readonly Contract[] = [byZod, byValibot, byArktype];

sealEvent(byZod, { orderId: "1", total: "2" }, stamp);
// @ts-expect-error the publisher gives the schema's input, a string.
sealEvent(byZod, { orderId: "1", total: 2 }, stamp);
// @ts-expect-error a field is missing.
sealEvent(byValibot, { cents: 1 }, stamp);
// @ts-expect-error a field that the schema does not have.
sealEvent(byArktype, { orderId: "1", parcels: 1, weight: 2 }, stamp);
// @ts-expect-error an event without a source has no identity.
sealEvent(byArktype, { orderId: "1", parcels: 1 }, { id: "1", timeMs: 0 });

defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: z.object({ orderId: z.string() }),
  // @ts-expect-error the data has no such field.
  filterable: ["orderid"],
});
defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: v.object({ orderId: v.string() }),
  // @ts-expect-error the data has no such field.
  sensitive: ["orderid"],
});
defineEvent("order.created", {
  version: 1,
  topic: "orders",
  schema: type({ orderId: "string" }),
  // @ts-expect-error the data has no such field.
  filterable: ["orderid"],
});
// @ts-expect-error a schema is needed.
defineEvent("order.created", { version: 1, topic: "orders" });

export function read(event: EventOf<typeof byZod>): number {
  // @ts-expect-error the handler's data has no such field.
  event.data.amount;
  // @ts-expect-error events are not changed.
  event.data = { orderId: "", total: 0 };
  return event.data.total + event.version;
}
