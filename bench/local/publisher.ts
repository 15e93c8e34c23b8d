import { createPublisher } from "../../src/publish/index.ts";
import { order } from "../consume/order.ts";
import { orderCreated } from "./contract.ts";

/** Publishes as many orders as each message says, from a process of its own, as a service would. */
const publisher = createPublisher({ bus: "bench", source: "bench/orders" });

process.on("message", async (count: number) => {
  const orders = Array.from({ length: count }, (_, serial) => order(serial));
  const { published } = await publisher.publishAll(orderCreated, orders);
  process.send?.(published);
});
process.on("disconnect", () => process.exit());
