import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill exactly-once`: transfers booked by processes that are killed. */
export const drillExactlyOnce = command({
  name: "exactly-once",
  summary: "book 10,000 transfers in mode transaction, by processes that are killed 100 times and more",
  details: [
    "Each process prints where it stands and is killed there: before its transaction, after it and before its answer, after the",
    "answer. The same transfers are told to a partner in mode once, by processes that are killed as well: there a call may be",
    "repeated, where a kill explains it, and carries the same effect key. It passes by the balances, read back by another process,",
    "and by what the partner has counted.",
    "",
    "Examples:",
    "  bus drill exactly-once",
    "  bus drill exactly-once --transfers 1000 --kills 10 --json",
  ].join("\n"),
  options: {
    transfers: {
      value: "<count>",
      summary: "transfers between 500 accounts",
      parse: count,
      fallback: 10_000,
    },
    kills: {
      value: "<count>",
      summary: "processes that must be killed while they book",
      parse: count,
      fallback: 100,
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
    const { runExactlyOnce } = await import("../../drills/exactly-once/index.ts");
    const result = await runExactlyOnce(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
