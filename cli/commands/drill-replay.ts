import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, countOrAll, port } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

/** `bus drill replay`: a day's orders are replayed to one of two consumers, killed half-way and gone on with. */
export const drillReplay = command({
  name: "replay",
  summary:
    "replay one day's real orders to one of two consumers, again, killed half-way; then by SQL and by offset",
  details: [
    "Orders are published, handled and archived. Those of one day are sent to Points once more by bus replay, killed with SIGKILL",
    "at half and resumed; then those above $50, and some from an offset on. A separate process reads effects and archive, and by",
    "these it is judged: exactly these orders, once more each, at the rate, and nothing at the other consumer.",
    "",
    "Examples:",
    "  bus drill replay",
    "  bus drill replay --orders 3000 --day 1997-01-02 --json",
  ].join("\n"),
  options: {
    orders: { value: "<count>", summary: "how many orders are archived", parse: countOrAll, fallback: "all" },
    day: {
      value: "<date>",
      summary: "the day whose orders are replayed",
      parse: day,
      fallback: "1997-02-24",
    },
    rate: {
      value: "<per-second>",
      summary: "how many of them are sent in a second",
      parse: count,
      fallback: 25,
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
    const { runReplayDrill } = await import("../../drills/replay/index.ts");
    const result = await runReplayDrill(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});

function day(typed: string): string {
  if (/^199[78]-\d{2}-\d{2}$/.test(typed)) return typed;
  throw new UsageError(
    `${JSON.stringify(typed)} is no day of the orders: give one of 1997 or 1998, as in "1997-02-24"`,
  );
}
