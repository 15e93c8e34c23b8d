import { randomUUID } from "node:crypto";
import { createPublisher } from "omnibus-aws";
import { busName } from "../bus.ts";
import { orderCreated } from "../contracts/index.ts";

// The source is one name per publishing service: together with an event's id it is the event's identity.
const publisher = createPublisher({ bus: busName, source: `/${busName}/scripts` });
const { id } = await publisher.publish(orderCreated, { orderId: randomUUID(), cents: 1250 });
console.log(`published order.created ${id} to ${process.env.AWS_ENDPOINT_URL ?? "AWS"}`);
