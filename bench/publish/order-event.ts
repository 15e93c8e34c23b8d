import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { orderData } from "../consume/order.ts";

/** The data of one event. */
export type Order = z.input<typeof orderData>;

/** The topic that everybody publishes to. */
export const topicArn = "arn:aws:sns:us-east-1:000000000000:bench-orders";

/** What a publisher by hand does with the data of an event: validate it, stamp it, write it. */
export function writeEvent(data: Order): { id: string; body: string } {
  const id = randomUUID();
  const body = JSON.stringify({
    specversion: "1.0",
    id,
    source: "bench/orders",
    type: "order.created",
    time: new Date().toISOString(),
    datacontenttype: "application/json",
    dataschema: "urn:omnibus:order.created:1",
    correlationid: id,
    data: orderData.parse(data),
  });
  return { id, body };
}
