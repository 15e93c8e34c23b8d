import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill delivery`: events are lost in four ways, found to the event, and sent again to whom they were lost. */
export const drillDelivery = command({
  name: "delivery",
  summary: "lose events in four ways, find each of them, and send them again to that consumer alone",
  details: [
    "A subscription is deleted, a filter narrowed, a queue purged, the archive cut off, one after another, while real orders",
    "are published. Reconciliation finds what was lost, and sends it again. A separate process reads effects and archive, and",
    "by these it is judged. Takes about seven minutes: the archive is sealed minute by minute.",
    "",
    "Examples:",
    "  bus drill delivery",
    "  bus drill delivery --orders 900 --json",
  ].join("\n"),
  options: {
    orders: { value: "<count>", summary: "how many orders are published", parse: count, fallback: 4_500 },
    port: {
      value: "<number>",
      summary: "where the local endpoint listens; 0 = any free port",
      parse: port,
      fallback: 0,
    },
    json: { summary: "print the result as one line of JSON, the last on standard output" },
  },
  run: async (terminal, values) => {
    // Loaded here, so that `bus --help` does not wait for the cloud.
    const { runDelivery } = await import("../../drills/delivery/index.ts");
    const result = await runDelivery(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
