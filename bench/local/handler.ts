import { consume } from "../../src/consume/index.ts";
import { orderCreated } from "./contract.ts";

/** Does nothing: what is measured is the way to it and back. */
export const handler = consume(orderCreated, async () => {});
