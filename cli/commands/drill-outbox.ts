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
    "--ordered: the orders belong to accounts, and their events go out in each account's sequence, to one consumer of an ordered topic.",
    "Some accounts have an event that is refused: they wait, all others do not; healed and released by bus outbox, they go on in order.",
    "",
    "Examples:",
    "  bus drill outbox",
    "  bus drill outbox --orders 1000 --kills 5 --json",
    "  bus drill outbox --ordered",
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
    ordered: { summary: "orders of accounts, whose events keep their sequence" },
    accounts: {
      value: "<count>",
      summary: "with --ordered: how many accounts the orders belong to",
      parse: count,
      fallback: 400,
    },
    port: {
      value: "<number>",
      summary: "where the local endpoint listens; 0 = any free port",
      parse: port,
      fallback: 0,
    },
    json: { summary: "print the result as one line of JSON, the last on standard output" },
  },
  run: async (terminal, { ordered, accounts, ...values }) => {
    // Loaded here, so that `bus --help` does not wait for the cloud.
    if (ordered) {
      const { runOrderedOutbox } = await import("../../drills/ordered-outbox/index.ts");
      const result = await runOrderedOutbox({ ...values, accounts }, terminal);
      return result?.pass ? exitCodes.done : exitCodes.failed;
    }
    const { runOutbox } = await import("../../drills/outbox/index.ts");
    const result = await runOutbox(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
