import { describe } from "@jest/globals";
import { missingCommands, type WantedCommand } from "../../local/tools/index.ts";

/**
 * A `describe` for tests that need programs of the machine. Where one is missing the tests are skipped and their title
 * says why; `npm test` with CI=true fails on skipped tests.
 *
 * @example
 * await describeWith([{ command: "java", for: "DynamoDB Local" }], "dynamoLedger", () => { it("…", …) });
 */
export async function describeWith(
  wanted: readonly WantedCommand[],
  title: string,
  tests: () => void,
): Promise<void> {
  const missing = await missingCommands(wanted);
  if (missing.length === 0) describe(title, tests);
  else describe.skip(`${title} (not run: ${missing.map(({ message }) => message).join("; ")})`, tests);
}
