import { runChecks } from "./run/checks.ts";
import { runJest } from "./run/jest.ts";
import { stopChildren } from "./run/step.ts";
import { add, type Tally, verdict } from "./run/tally.ts";
import { checkTools } from "./run/tools.ts";

/**
 * `npm run check` (`--check`): types, lint, boundaries. `npm test`: those, then jest. What else stands on the
 * command line goes to jest: `npm test -- test/contract`. The whole suite first says which programs the machine lacks.
 *
 * Progress as it comes; the last line of standard output is `N passed, N failed`.
 */
const words = process.argv.slice(2);
const onlyChecks = words.includes("--check");
const forJest = words.filter((word) => word !== "--check");

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, async () => {
    await stopChildren();
    process.exit(code);
  });
}

const ci = process.env.CI === "true";
// Parts of the suite that were asked for by name say themselves what they lack.
const whole = !onlyChecks && forJest.length === 0;
let tally: Tally = whole ? await checkTools({ ci }) : { passed: 0, failed: 0, skipped: 0 };
if (tally.failed === 0) {
  tally = add(tally, await runChecks());
  if (!onlyChecks) tally = add(tally, await runJest(forJest));
}
const { line, complaint, exitCode } = verdict(tally, { ci });
if (complaint !== undefined) console.log(complaint);
console.log(line);
process.exitCode = exitCode;
