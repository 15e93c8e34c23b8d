import { describe, expect, it } from "@jest/globals";
import { checkTools, toolsOfTheSuite } from "../run/tools.ts";
import { textOf } from "./source.ts";

const bare = { PATH: "" };

describe("checkTools", () => {
  it("fails in CI once per missing program", async () => {
    expect(await checkTools({ ci: true, environment: bare })).toEqual({
      passed: 0,
      failed: toolsOfTheSuite.length,
      skipped: 0,
    });
  });

  it("only tells elsewhere", async () => {
    expect(await checkTools({ ci: false, environment: bare })).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  it("asks for what the README names", () => {
    const readme = textOf("README.md") ?? "";

    expect(readme).toContain("Python ≥ 3.10");
    expect(readme).toContain("Java 17");
    expect(readme).toContain("Maven");
    expect(readme).toMatch(/\bGo\b/);
  });
});
