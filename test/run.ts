import { runChecks } from "./run/checks.ts";
import { runJest } from "./run/jest.ts";
import { stopChildren } from "./run/step.ts";
import { add, type Tally, verdict } from "./run/tally.ts";
import { checkTools } from "./run/tools.ts";

/**
 * `npm run check` (`--check`): types, lint, boundaries. `npm test`: those, and jest. What else stands on the
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
const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };
let tally = whole ? await checkTools({ ci }) : nothing;
if (tally.failed === 0) {
  // Side by side: the first tests are those that mostly wait.
  const [checks, tests] = await Promise.all([runChecks(), onlyChecks ? nothing : runJest(forJest)]);
  tally = add(add(tally, checks), tests);
}
const { line, complaint, exitCode } = verdict(tally, { ci });
if (complaint !== undefined) console.log(complaint);
console.log(line);
process.exitCode = exitCode;
