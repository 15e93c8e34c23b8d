import { relative } from "node:path";
import type { AggregatedResult, Test, TestResult } from "@jest/reporters";
import type { Tally } from "./tally.ts";

/**
 * Jest's reporter for people and logs: one line a file as it ends, what failed at once and in full. Sends the
 * `Tally` to the process that started jest.
 */
export default class Reporter {
  onTestResult(test: Test, result: TestResult): void {
    const file = relative(test.context.config.rootDir, test.path);
    const seconds = ((result.perfStats.end - result.perfStats.start) / 1000).toFixed(1);
    const bad = result.numFailingTests > 0 || result.testExecError !== undefined;
    const skipped = result.numPendingTests + result.numTodoTests;
    const counts = `${result.numPassingTests} passed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    console.log(`${bad ? "FAIL" : "ok  "} ${file} (${counts}, ${seconds} s)`);
    if (bad && result.failureMessage) console.log(result.failureMessage);
    for (const { message, origin } of result.console ?? []) console.log(`  ${message}\n${origin}`);
  }

  onRunComplete(_contexts: unknown, results: AggregatedResult): void {
    process.send?.({
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      tests: results.numTotalTests,
    } satisfies Tally);
  }
}
