import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { pythonTools } from "../helpers/python-tools.ts";

interface Told {
  readonly test: string;
  readonly problems: readonly string[];
}

const report = fileURLToPath(new URL("../../python/tests/report.py", import.meta.url));
let exitCode: number | string | null | undefined;
let told: readonly Told[] = [];

beforeAll(async () => {
  const { python } = await pythonTools();
  const output = await new Promise<string>((resolve) => {
    const env = { ...process.env, OMNIBUS: "", PYTHONDONTWRITEBYTECODE: "1" };
    execFile(python, [report], { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => {
      exitCode = error?.code ?? 0;
      resolve(stdout);
    });
  });
  told = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}, 180_000);

describe("the Python tests", () => {
  it("all pass", () => {
    expect(told.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it("run the vectors, and see one that was changed", () => {
    const names = told.map(({ test }) => test.split(".").at(-1));

    expect(names).toEqual(
      expect.arrayContaining(["test_all_are_run", "test_all_hold", "test_one_that_was_changed_fails"]),
    );
    expect(names.length).toBeGreaterThan(15);
  });
});
