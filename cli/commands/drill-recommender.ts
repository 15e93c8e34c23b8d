import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { countOrAll, port, seed } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

/** `bus drill recommender`: a Java order service publishes, a Python recommender consumes, and is killed on the way. */
export const drillRecommender = command({
  name: "recommender",
  summary: "publish real orders from Java, count them in Python under SIGKILL, and say whom to write to next",
  details: [
    "Builds the order service with Maven, starts a CDK app with a consumer in Python on this machine, publishes orders (5 %",
    "of them twice), kills the Python process at random moments, and has a separate process read all customers back.",
    "Needs Java ≥ 17 with Maven, and Python ≥ 3.10.",
    "",
    "Examples:",
    "  bus drill recommender",
    "  bus drill recommender --orders all --json",
  ].join("\n"),
  options: {
    orders: {
      value: "<count|all>",
      summary: "how many orders are placed",
      parse: countOrAll,
      fallback: "all",
    },
    emulator: {
      summary:
        "deploy into an emulator of AWS and play there: the one at AWS_ENDPOINT_URL, or MiniStack, started for it",
    },
    stay: { summary: "stay up after the summary, until Ctrl-C" },
    port: {
      value: "<number>",
      summary: "where the local endpoint listens; 0 = any free port",
      parse: port,
      fallback: 0,
    },
    seed: {
      value: "<number>",
      summary: "decides what comes twice when, and who dies when",
      parse: seed,
      fallback: 1,
    },
    json: { summary: "print the result as one line of JSON, the last on standard output" },
  },
  run: async (terminal, values) => {
    // Loaded here, so that `bus --help` does not wait for the cloud.
    const [{ runRecommender }, { wholeFile }] = await Promise.all([
      import("../../drills/recommender/index.ts"),
      import("../../drills/orders/index.ts"),
    ]);
    if (values.orders !== "all" && values.orders > wholeFile.orders) {
      throw new UsageError(
        `--orders: ${values.orders} is more than the file has; give 1 to ${wholeFile.orders}, or "all"`,
      );
    }
    const result = await runRecommender(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
