import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

/** `bus drill transfer`: two banks with faults in both, and a reconciliation that finds and mends all of them. */
export const drillTransfer = command({
  name: "transfer",
  summary:
    "send transfers from one bank to another, with faults in both, and have all of them found and repaired",
  details: [
    "Bank A debits in DynamoDB and tells bank B over the bus, which credits in SQLite. Credits are lost, doubled, wrong and made",
    "up, debits are not told or told an hour late, a table is throttled, processes are killed at named steps and at random. A",
    "deployed Reconciler, killed and started five times at once, finds and repairs it: what bank B lacks by itself, the rest by",
    "bus reconcile plan and apply. Other processes judge, by both books, the list of faults and all that was ever open.",
    "",
    "Examples:",
    "  bus drill transfer",
    "  bus drill transfer --transfers 1000 --settle 20 --json",
  ].join("\n"),
  options: {
    transfers: { value: "<count>", summary: "how many transfers are made", parse: count, fallback: 20_000 },
    settle: {
      value: "<seconds>",
      summary:
        "what is younger is still under way; it must be longer than a killed function's messages are hidden",
      parse: count,
      fallback: 90,
    },
    port: {
      value: "<number>",
      summary: "where the local endpoint listens; 0 = any free port",
      parse: port,
      fallback: 0,
    },
    json: { summary: "print the result as one line of JSON, the last on standard output" },
  },
  run: async (terminal, { settle, ...values }) => {
    // Loaded here, so that `bus --help` does not wait for the cloud.
    const { leastTransfers, runTransfer } = await import("../../drills/transfer/index.ts");
    if (values.transfers < leastTransfers) {
      throw new UsageError(
        `--transfers: ${values.transfers} are too few for all faults; give ${leastTransfers} or more`,
      );
    }
    const result = await runTransfer({ ...values, settleSeconds: settle }, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
