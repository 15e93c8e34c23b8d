// All that travels on the bus: the stack makes a topic for each topic named here.
export { orderCreated } from "./order-created.ts";
