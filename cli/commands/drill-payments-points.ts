import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { count, port } from "../option-values.ts";

/** `bus drill payments-points`: paid, but no points. */
export const drillPaymentsPoints = command({
  name: "payments-points",
  summary:
    "let a consumer drop the points of some payments, and find and mend that by the payment provider's statement",
  details: [
    "A deployed Reconciler compares the provider's statement in S3 with the points in DynamoDB. What is missing is planned and",
    "applied by bus reconcile plan and apply. Another process reads both sides: every payment must have its points, and one more",
    "run must change nothing.",
    "",
    "Examples:",
    "  bus drill payments-points",
    "  bus drill payments-points --payments 200 --json",
  ].join("\n"),
  options: {
    payments: { value: "<count>", summary: "how many payments there are", parse: count, fallback: 2_000 },
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
    const { runPaymentsPoints } = await import("../../drills/payments-points/index.ts");
    const result = await runPaymentsPoints(values, terminal);
    return result?.pass ? exitCodes.done : exitCodes.failed;
  },
});
