import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { startLocalCloud } from "../../local/cloud/index.ts";
import { makeDataFolder } from "../../local/cloud/make-data-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeAssembly } from "../helpers/write-assembly.ts";

const folder = temporaryFolder();

describe("makeDataFolder", () => {
  it("makes the whole path, takes one that is there, and leaves nothing in it", () => {
    const wanted = join(folder, "a", "b");

    expect(makeDataFolder(wanted)).toBe(wanted);
    expect(makeDataFolder(wanted)).toBe(wanted);
    expect(readdirSync(wanted)).toEqual([]);
  });

  it("says what is wrong with a file, and with what lies below one", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");

    for (const wanted of [file, join(file, "below")]) {
      expect(() => makeDataFolder(wanted)).toThrow(
        new RegExp(`^the data folder ${wanted} cannot be used \\(.*${file} is a file\\): give a folder`),
      );
    }
  });

  it("does not hang where folders cannot be made", () => {
    // Only Linux has a /proc; elsewhere nobody may write into the root either.
    const wanted = existsSync("/proc") ? "/proc/omnibus/data" : "/dev/null/data";

    expect(() => makeDataFolder(wanted)).toThrow(expect.objectContaining({ code: "data-folder" }));
  });

  it("is asked before anything is started", async () => {
    const dataDir = join(folder, "taken");
    writeFileSync(dataDir, "");
    const template = { Resources: { Queue: { Type: "AWS::SQS::Queue" } } };
    const assembly = writeAssembly(join(folder, "assembly"), { Shop: { template } });
    mkdirSync(join(folder, "empty"));

    await expect(startLocalCloud({ assembly, port: 0, dataDir })).rejects.toThrow(
      `the data folder ${dataDir} cannot be used (${dataDir} is a file)`,
    );
  });
});
