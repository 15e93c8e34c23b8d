import { join } from "node:path";
import { project, runNode } from "./step.ts";
import type { Tally } from "./tally.ts";

/** Runs jest over ES modules with our reporter and counts what came out. `args` are jest's own. */
export async function runJest(
  args: readonly string[],
  { show = true }: { show?: boolean } = {},
): Promise<Tally> {
  let tally: Tally | undefined;
  const { code } = await runNode(
    [
      "--experimental-vm-modules",
      "--disable-warning=ExperimentalWarning",
      "node_modules/jest/bin/jest.js",
      ...args,
      // Last, because jest takes every word after it for one more reporter.
      `--reporters=${join(project, "test/run/reporter.ts")}`,
    ],
    {
      show,
      hear: (message) => {
        tally = message as Tally;
      },
    },
  );
  // Jest that ended badly without saying why is one failure more.
  if (tally === undefined) return { passed: 0, failed: 1, skipped: 0, tests: 0 };
  return code !== 0 && tally.failed === 0 && tally.tests !== 0 ? { ...tally, failed: 1 } : tally;
}
