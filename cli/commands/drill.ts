import type { CommandGroup } from "../command.ts";
import { drillOrders } from "./drill-orders.ts";

/** `bus drill <name>`: scenarios with a figure that passes or fails. */
export const drill: CommandGroup = {
  name: "drill",
  summary: "play a scenario that passes or fails by its figures: orders",
  commands: [drillOrders],
};
