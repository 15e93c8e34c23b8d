import { project, runNode } from "./step.ts";
import type { Tally } from "./tally.ts";

const checks = [
  { name: "types", args: ["node_modules/typescript/bin/tsc", "--noEmit", "--pretty", "false"] },
  { name: "lint", args: ["node_modules/@biomejs/biome/bin/biome", "check", "--colors=off", "."] },
  { name: "boundaries", args: ["test/run/boundaries.ts", project] },
] as const;

/** Types, lint and import directions, side by side; each is told when it ends, with its complaints. */
export async function runChecks(): Promise<Tally> {
  const codes = await Promise.all(
    checks.map(async ({ name, args }) => {
      const startMs = performance.now();
      const { code, output } = await runNode(args);
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
      if (code !== 0) console.log(output.trimEnd());
      return code;
    }),
  );
  const failed = codes.filter((code) => code !== 0).length;
  return { passed: codes.length - failed, failed, skipped: 0 };
}
