import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill outbox`: orders and their events in one transaction, writer and relay killed over and over. */
export const drillOutbox = command({
  name: "outbox",
  summary:
    "write orders with their events in one transaction, and kill the writer and the relay over and over",
  details: [
    "A writer in a process of its own writes orders and outbox in one transaction; some are rolled back on purpose. The writer and",
    "the relay are killed with SIGKILL at crash points that they print. It passes when no event is lost, none is there without its",
    "order, and two consumers agree with the table of orders to the cent, as another process has read them.",
    "",
    "Examples:",
    "  bus drill outbox",
    "  bus drill outbox --orders 1000 --kills 5 --json",
  ].join("\n"),
  options: {
    orders: {
      value: "<count>",
      summary: "how many orders are to stand in the end",
      parse: count,
      fallback: 20_000,
    },
    kills: {
      value: "<count>",
      summary: "how often writer and relay are killed at least, each",
      parse: count,
      fallback: 50,
    },
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
    const { runOutbox } = await import("../../drills/outbox/index.ts");
    const result = await runOutbox(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
