import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill outage`: a payment partner is down, and back later. */
export const drillOutage = command({
  name: "outage",
  summary: "let a payment partner go down for a minute (or an hour in virtual time) while orders come in",
  details: [
    "The partner is a process of its own, with books of its own. For half a second it takes payments and answers none; then",
    "nobody can connect. Orders go on coming. It passes when each was paid once, no attempt and no letter was lost to it, and",
    "the first payment came within one probe interval after the partner was back. Another process reads the books.",
    "",
    "--virtual plays an hour with 180,000 orders in virtual time, in less than half a minute: the same pipeline, mapping",
    "and governor, over models of queue, tables and partner.",
    "",
    "Examples:",
    "  bus drill outage",
    "  bus drill outage --virtual --json",
    "  bus drill outage --events 400 --down 30",
  ].join("\n"),
  options: {
    events: {
      value: "<count>",
      summary: "how many orders come (default: 1600; with --virtual 180000)",
      parse: count,
    },
    down: {
      value: "<seconds>",
      summary: "how long the partner is down (default: 60; with --virtual 3600)",
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
  run: async (terminal, { events, down, virtual, ...values }) => {
    // Loaded here, so that `bus --help` does not wait for the cloud.
    const { runOutage, sizes } = await import("../../drills/outage/index.ts");
    const usual = virtual ? sizes.virtual : sizes.local;
    const options = {
      ...values,
      virtual,
      events: events ?? usual.events,
      downSeconds: down ?? usual.downSeconds,
    };
    const result = await runOutage(options, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
