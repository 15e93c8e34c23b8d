import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { findProgram, missingCommands, requireCommands } from "../../local/tools/index.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();

/** An environment whose PATH has only these programs, each of which prints its line. */
function machineWith(programs: Readonly<Record<string, string>>): { PATH: string } {
  const path = mkdtempSync(join(folder, "path-"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return { PATH: path };
}

const good = {
  java: "echo 'openjdk 17.0.15 2025-04-15'",
  mvn: "exit 1",
  go: "echo 'go version go1.26.8 linux/amd64'",
  python3: "echo '3.11.7 (main, May  9 2026) [GCC 12.2.0]'",
  node: "echo v24.21.0",
};
const everything = (["java", "mvn", "go", "python3", "node"] as const).map((command) => ({
  command,
  for: "a test",
}));

describe("missingCommands", () => {
  it("finds nothing missing where all is there, without running Maven", async () => {
    expect(await missingCommands(everything, machineWith(good))).toEqual([]);
  });

  it("names each program that is not there, what it is for and how to get it", async () => {
    const missing = await missingCommands(
      [
        { command: "go", for: "the Go publisher" },
        { command: "mvn", for: "the Java publisher" },
        { command: "mvn", for: "DynamoDB Local" },
      ],
      machineWith({ java: good.java }),
    );

    expect(missing).toEqual([
      {
        command: "go",
        message:
          "go: not found on the PATH. Go ≥ 1.21 is needed for the Go publisher. Get it: brew install go, or go.dev/dl",
      },
      {
        command: "mvn",
        message:
          "mvn: not found on the PATH. Maven is needed for the Java publisher, DynamoDB Local. Get it: apt install maven, brew install maven, or maven.apache.org",
      },
    ]);
  });

  it.each([
    ["java", "echo 'openjdk 11.0.2 2019-01-15'", "is 11.0.2"],
    ["java", "echo 'Unrecognized option: --version' >&2; exit 1", "older than 9"],
    ["python3", "echo '3.9.21 (main)'", "is 3.9.21"],
    ["python3", "echo '3.12.1 (main)'; exit 1", "apt install python3-venv"],
    ["go", "echo 'go version go1.20 linux/amd64'", "is 1.20"],
    ["node", "echo v22.9.0", "is 22.9.0"],
    ["node", "echo hello", "is of no known version"],
  ] as const)("tells that %s is no good when it runs %j", async (command, script, complaint) => {
    const missing = await missingCommands(everything, machineWith({ ...good, [command]: script }));

    expect(missing.map((one) => one.command)).toEqual([command]);
    expect(missing[0]?.message).toContain(complaint);
  });
});

describe("requireCommands", () => {
  it("does nothing where all is there", async () => {
    await expect(requireCommands(everything, machineWith(good))).resolves.toBeUndefined();
  });

  it("throws once, naming all that is missing", async () => {
    const { java, go, node } = good;

    await expect(requireCommands(everything, machineWith({ java, go, node }))).rejects.toMatchObject({
      code: "tools-missing",
      message: expect.stringMatching(/^this machine lacks mvn, python3:\n {2}mvn: .*\n {2}python3: /),
    });
  });
});

describe("findProgram", () => {
  it("looks in each folder of the PATH for a file that can be run", () => {
    const { PATH: first } = machineWith({});
    const { PATH: second } = machineWith({ java: "" });
    writeFileSync(join(first, "java"), "a file, but no program");

    expect(findProgram("java", { PATH: `${first}:${second}` })).toBe(join(second, "java"));
    expect(findProgram("java", { PATH: first })).toBeUndefined();
    expect(findProgram("java", {})).toBeUndefined();
  });
});
