import { execFile } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { makeOnce } from "../../local/tools/index.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const place = temporaryFolder();
const room = join(import.meta.dirname, "../../local/tools/index.ts");

describe("makeOnce", () => {
  it("makes a folder once per recipe", async () => {
    const folder = join(place, "once");
    let made = 0;
    const ask = (recipe: string) =>
      makeOnce({ folder, recipe, make: async (into) => writeFileSync(join(into, "made"), String(++made)) });

    await ask("first");
    await ask("first");
    expect(made).toBe(1);

    expect(await ask("second")).toBe(folder);
    expect(readFileSync(join(folder, "made"), "utf8")).toBe("2");
  });

  it("begins anew, in an empty folder, after a making that failed", async () => {
    const folder = join(place, "anew");
    const fail = makeOnce({
      folder,
      recipe: "r",
      make: async (into) => {
        writeFileSync(join(into, "half"), "");
        throw new Error("no network");
      },
    });
    await expect(fail).rejects.toThrow("no network");

    await makeOnce({ folder, recipe: "r", make: async (into) => writeFileSync(join(into, "whole"), "") });

    expect(existsSync(join(folder, "half"))).toBe(false);
    expect(existsSync(join(folder, "whole"))).toBe(true);
  });

  it("lets one of several askers make it while the others wait", async () => {
    const folder = join(place, "shared");
    const log = join(place, "shared.log");
    const make = async () => appendFileSync(log, "made\n");

    await Promise.all([1, 2, 3].map(() => makeOnce({ folder, recipe: "r", make })));

    expect(readFileSync(log, "utf8")).toBe("made\n");
  });

  it("takes the lock of a process that was killed in the middle", async () => {
    const folder = join(place, "orphan");
    const script = `
      import { makeOnce } from ${JSON.stringify(room)};
      await makeOnce({ folder: ${JSON.stringify(folder)}, recipe: "r", make: async () => process.kill(process.pid, "SIGKILL") });
    `;
    const killed = promisify(execFile)(process.execPath, ["--input-type=module-typescript", "-e", script]);
    await expect(killed).rejects.toMatchObject({ signal: "SIGKILL" });

    await makeOnce({ folder, recipe: "r", make: async (into) => writeFileSync(join(into, "whole"), "") });

    expect(existsSync(join(folder, "whole"))).toBe(true);
  });
});
