import { UsageError } from "../usage-error.ts";

/** Codes of what somebody has typed, and not the cloud, is to blame for. */
const usage = [
  "replay-rate",
  "replay-fleet",
  "shadow",
  "nothing-selected",
  "sql",
  "too-much",
  "package-missing",
  "beyond-ledger",
  "type-unhandled",
  "consumer-unknown",
  "replay-unknown",
  "replay-cancelled",
];

/** Runs a command of replay; what could be asked otherwise is a matter of the command line. */
export async function asReplayUsage<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    const { code, message } = thrown as { readonly code?: string; readonly message?: string };
    throw code !== undefined && usage.includes(code) ? new UsageError(message ?? code) : thrown;
  }
}
