import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill peak`: a burst of orders for a back end that takes so many a second. */
export const drillPeak = command({
  name: "peak",
  summary: "send a burst of orders at a back end that takes so many a second, and never one more",
  details: [
    "30,000 orders are published as fast as possible; the back end takes 500 a second. It is a process of its own and judges",
    "every sliding second by its own clock. It passes when the rate was never exceeded and was used to 95 %, nothing is lost",
    "or dead, and bus plan had said how long it takes, to a tenth. It takes about a minute.",
    "",
    "--virtual plays 1,000,000 orders at 100,000 a second against 5,000 a second in virtual time: the same publisher,",
    "pipeline, limiter and mapping, over models of topic, queue and tables. It takes about two minutes of processor time.",
    "",
    "Examples:",
    "  bus drill peak",
    "  bus drill peak --virtual --json",
    "  bus drill peak --virtual --events 100000",
  ].join("\n"),
  options: {
    events: {
      value: "<count>",
      summary: "how many orders are published (default: 30000; with --virtual 1000000)",
      parse: count,
    },
    virtual: { summary: "in virtual time, without a cloud" },
    port: {
      value: "<number>",
      summary: "where the local endpoint listens; 0 = any free port",
      parse: port,
      fallback: 0,
    },
    json: { summary: "print the result as one line of JSON, the last on standard output" },
  },
  run: async (terminal, { events, virtual, ...values }) => {
    // Loaded here, so that `bus --help` does not wait for the cloud.
    const { runPeak, sizes } = await import("../../drills/peak/index.ts");
    const usual = virtual ? sizes.virtual : sizes.local;
    const result = await runPeak({ ...values, virtual, events: events ?? usual.events }, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
