import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill dead-letters`: one of six groups of dead letters is sent back, killed half-way and run again. */
export const drillDeadLetters = command({
  name: "dead-letters",
  summary: "let parcels die of six things, send one group back, kill that half-way, and run it again",
  details: [
    "A partner in a process of its own refuses all parcels, and is well again later; it notes every call. The group is sent",
    "back by bus dlq redrive, killed with SIGKILL at half and started again: each exactly once, the others untouched.",
    "",
    "Examples:",
    "  bus drill dead-letters",
    "  bus drill dead-letters --letters 600 --rate 50 --json",
  ].join("\n"),
  options: {
    letters: { value: "<count>", summary: "how many parcels die", parse: count, fallback: 10_000 },
    rate: {
      value: "<per-second>",
      summary: "how many are sent back in a second",
      parse: count,
      fallback: 200,
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
    const { runDeadLetters } = await import("../../drills/dead-letters/index.ts");
    const result = await runDeadLetters(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
