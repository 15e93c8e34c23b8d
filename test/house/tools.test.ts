import { spawnSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { checkTools, toolsOfTheSuite } from "../run/tools.ts";
import { project, textOf } from "./source.ts";

const bare = { PATH: "" };

describe("checkTools", () => {
  const check = async (ci: boolean, environment?: { PATH: string }) => {
    const lines: string[] = [];
    const say = (line: string) => {
      lines.push(line);
    };
    return { lines, tally: await checkTools({ ci, say, ...(environment ? { environment } : {}) }) };
  };

  it("names each missing program with what needs it", async () => {
    const { lines } = await check(false, bare);

    expect(lines).toHaveLength(toolsOfTheSuite.length);
    expect(lines.find((line) => line.includes("mvn"))).toMatch(/^MISSING mvn: not found.*Java publisher/);
  });

  it("fails in CI once per missing program, and only tells elsewhere", async () => {
    const fine = { passed: 0, failed: 0, skipped: 0 };

    expect((await check(true, bare)).tally).toEqual({ ...fine, failed: toolsOfTheSuite.length });
    expect((await check(false, bare)).tally).toEqual(fine);
  });

  it("asks for what the README names", () => {
    const readme = textOf("README.md") ?? "";

    for (const name of ["Python ≥ 3.10", "Java 17", "Maven", "Go"]) expect(readme).toContain(name);
  });
});

describe("npm test", () => {
  it("ends at once in CI when a program is missing: no check and no test runs first", () => {
    const { status, stdout } = spawnSync(process.execPath, ["test/run.ts"], {
      cwd: project,
      env: { PATH: "", CI: "true" },
      encoding: "utf8",
    });

    expect(status).toBe(1);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, -1).every((line) => line.startsWith("FAIL "))).toBe(true);
    expect(lines.at(-1)).toBe(`0 passed, ${toolsOfTheSuite.length} failed`);
  });
});
