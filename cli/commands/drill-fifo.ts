import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill fifo`: many groups in order, poison in some, released under SIGKILL. */
export const drillFifo = command({
  name: "fifo",
  summary: "keep 1,000 groups in order, park those with poison, and release them under SIGKILL",
  details: [
    "A book in a process of its own writes every step down as it comes, and refuses one step of some accounts. These wait; all",
    "others go on. Then the book is mended and bus dlq release has the rest handled, the poison first; the command and a function",
    "are killed meanwhile. It passes by what stands in the book.",
    "",
    "Examples:",
    "  bus drill fifo",
    "  bus drill fifo --groups 100 --events 10 --poison 3 --json",
  ].join("\n"),
  options: {
    groups: { value: "<count>", summary: "accounts, each a group", parse: count, fallback: 1_000 },
    events: { value: "<count>", summary: "events of each", parse: count, fallback: 20 },
    poison: { value: "<count>", summary: "in how many of them one is poison", parse: count, fallback: 5 },
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
    const { runFifo } = await import("../../drills/fifo/index.ts");
    const result = await runFifo(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
