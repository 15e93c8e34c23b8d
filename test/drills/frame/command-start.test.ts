import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";

const module = new URL("../../../drills/frame/command-start.ts", import.meta.url).pathname;
const asks = [
  `import("${module}").then(({ commandStartedAtMs }) => {`,
  "const own = performance.timeOrigin;",
  "console.log(JSON.stringify({ own, command: commandStartedAtMs(own) }));",
  "});",
].join("");

describe("commandStartedAtMs", () => {
  it("is the process's own start when npm did not start it", async () => {
    const { own, command } = await run(asks);

    expect(command).toBe(own);
  });

  it("is npm's start under npm, through its shell", async () => {
    // A process that calls itself npm, its shell, and below it one that asks half a second later.
    const npm = [
      'process.title = "npm start";',
      "const begin = Date.now(); while (Date.now() - begin < 500);",
      `process.stdout.write(require("node:child_process").execFileSync("sh", ["-c", 'exec "$0" -e "$1"', process.execPath, ${JSON.stringify(asks)}]));`,
    ].join("");

    const { own, command } = await run(npm);

    // Only Linux says when another process was started.
    if (process.platform === "linux") expect(own - command).toBeGreaterThan(450);
    expect(own - command).toBeLessThan(20_000);
  });
});

async function run(script: string): Promise<{ own: number; command: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);
  return JSON.parse(stdout);
}
