import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { descendantsOf, killDescendants } from "../../cli/descendants.ts";

const idle = "setInterval(() => {}, 1000)";
const parentCode = `
  const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(idle)}], { stdio: "ignore" });
  console.log(child.pid);
  child.on("exit", (code, signal) => console.log(signal));
  ${idle};
`;

describe("killDescendants", () => {
  it("kills children and grandchildren, and leaves the process itself", async () => {
    const parent = spawn(process.execPath, ["-e", parentCode], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [line] = await once(parent.stdout, "data");
      const grandchild = Number(String(line));
      expect(descendantsOf(process.pid)).toEqual(expect.arrayContaining([parent.pid, grandchild]));

      killDescendants(parent.pid ?? 0);

      const [ending] = await once(parent.stdout, "data");
      expect(String(ending)).toBe("SIGKILL\n");
      expect(parent.exitCode).toBeNull();
      expect(parent.signalCode).toBeNull();
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
