import { z } from "zod";

/** The data of the event that every contender handles. */
export const orderData = z.object({
  orderId: z.string(),
  customer: z.string(),
  total: z.number(),
  items: z.array(z.object({ sku: z.string(), quantity: z.number().int() })),
});

/** The whole event on the wire, for contenders that validate it as a record's body. */
export const orderEnvelope = z.object({
  specversion: z.literal("1.0"),
  id: z.string(),
  source: z.string(),
  type: z.literal("order.created"),
  time: z.string(),
  datacontenttype: z.string(),
  dataschema: z.string(),
  correlationid: z.string(),
  data: orderData,
});

/** An order like any other. */
export function order(serial: number): z.input<typeof orderData> {
  return {
    orderId: `order-${serial}`,
    customer: `customer-${serial % 997}`,
    total: (serial % 500) + 0.5,
    items: [
      { sku: "cd-1", quantity: 1 },
      { sku: "cd-2", quantity: 2 },
    ],
  };
}
