import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill crawler`: four consumers share a rate of a third party that bans at one call too many. */
export const drillCrawler = command({
  name: "crawler",
  summary:
    "call a third party from four consumers at exactly the rate it allows, with a holder killed half-way",
  details: [
    "Starts a CDK app with four consumers that share one limit of 50 calls a second, and a third party in a process of its",
    "own: it judges every sliding second by its own clock. Half-way a consumer's process is killed. 3,000 pages take a minute.",
    "",
    "Examples:",
    "  bus drill crawler",
    "  bus drill crawler --pages 1000 --json",
  ].join("\n"),
  options: {
    pages: { value: "<count>", summary: "how many pages are fetched", parse: count, fallback: 3_000 },
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
    const { runCrawler } = await import("../../drills/crawler/index.ts");
    const result = await runCrawler(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
