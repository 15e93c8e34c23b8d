import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill fulfil`: orders through five stages, some of them back. */
export const drillFulfil = command({
  name: "fulfil",
  summary: "send 5,000 real orders through five stages; what is refused on the way is undone",
  details: [
    "Risk refuses 3 % of the orders, stock 2 %, payment 1 %. While they come, one stage's function is replaced and another",
    "one's partner becomes ten times as slow. It passes when, by the partners' own books, every order was shipped or wholly",
    "undone, in reverse and each once, and the other stages' critical time did not suffer. Another process reads the books.",
    "",
    "Examples:",
    "  bus drill fulfil",
    "  bus drill fulfil --orders 500 --json",
  ].join("\n"),
  options: {
    orders: { value: "<count>", summary: "how many orders are placed", parse: count, fallback: 5_000 },
    rate: { value: "<count>", summary: "how many orders come each second", parse: count, fallback: 40 },
    port: {
      value: "<number>",
      summary: "where the local endpoint listens; 0 = any free port",
      parse: port,
      fallback: 0,
    },
    json: { summary: "print the result as one line of JSON, the last on standard output" },
  },
  run: async (terminal, options) => {
    // Loaded here, so that `bus --help` does not wait for the cloud.
    const { runFulfil } = await import("../../drills/fulfil/index.ts");
    const result = await runFulfil(options, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
