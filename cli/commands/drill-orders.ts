import { isAbsolute, join } from "node:path";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { countOrAll, port, seed, share } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

/** `bus drill orders`: real orders through a real CDK app on this machine, each effect counted once. */
export const drillOrders = command({
  name: "orders",
  summary: "send real orders through a real CDK app on this machine and count each effect once",
  details: [
    "Synthesizes the app, starts it on this machine, publishes orders of a real shop to three consumers, waits until",
    "nothing is left, and has a separate process read the results back. Then it stays up until Ctrl-C.",
    "",
    "Examples:",
    "  bus drill orders",
    "  bus drill orders --orders all --duplicates 5% --poison 0.1% --chaos --once --json",
  ].join("\n"),
  options: {
    orders: {
      value: "<count|all>",
      summary: "how many orders to publish",
      parse: countOrAll,
      fallback: 5_000,
    },
    duplicates: {
      value: "<share>",
      summary: "share of the orders that are published a second time",
      parse: share,
      fallback: 0.05,
      fallbackText: "5%",
    },
    poison: {
      value: "<share>",
      summary: "messages that are no events, per order",
      parse: share,
      fallback: 0,
      fallbackText: "0%",
    },
    chaos: { summary: "kill handler processes at random moments (SIGKILL)" },
    once: { summary: "end after the summary; exit code 0 only if every total agrees" },
    port: {
      value: "<number>",
      summary: "where the local endpoint listens; 0 = any free port",
      parse: port,
      fallback: 4_566,
    },
    data: { value: "<folder>", summary: "keep queues and tables there across runs (default: in memory)" },
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
    const { runOrders, wholeFile } = await import("../../drills/orders/index.ts");
    if (values.orders !== "all" && values.orders > wholeFile.orders) {
      throw new UsageError(
        `--orders: ${values.orders} is more than the file has; give 1 to ${wholeFile.orders}, or "all"`,
      );
    }
    const data = values.data;
    const folder = data === undefined || isAbsolute(data) ? data : join(terminal.directory, data);
    const result = await runOrders({ ...values, data: folder }, terminal);
    return result?.agree ? exitCodes.done : exitCodes.failed;
  },
});
