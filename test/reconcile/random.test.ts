import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { runTool } from "../../local/tools/index.ts";
import * as room from "../../src/reconcile/index.ts";
import { randomRuns } from "./random-runs.ts";

describe("reconcile by chance", () => {
  it("comes to the truth and raises no false alarm, whatever happens on the way", async () => {
    for (let seed = 0; seed < 60; seed++) {
      expect({ seed, complaints: await randomRuns(room, seed) }).toEqual({ seed, complaints: [] });
    }
  });

  it("catches every planted bug", async () => {
    const script = join(import.meta.dirname, "planted-bugs.ts");

    const answer = await runTool(process.execPath, [script, "300"], { directory: import.meta.dirname });

    expect(JSON.parse(answer)).toEqual({ bugs: 18, missed: [] });
  });
});
