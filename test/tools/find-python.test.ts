import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { findPython, requireLambdaPython } from "../../local/tools/index.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();

/** A program that says what a Python would say about its modules. */
function aPython(script: string, place = mkdtempSync(join(folder, "python-"))): string {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "python"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return join(place, "python");
}

describe("findPython", () => {
  it("takes what the variable names, else the app's own, else that of the PATH", () => {
    const app = join(folder, "app");
    const own = aPython("", join(app, ".venv/bin"));

    expect(findPython(app, { OMNIBUS_PYTHON: "/opt/python" })).toBe("/opt/python");
    expect(findPython(app, { OMNIBUS_PYTHON: "" })).toBe(own);
    expect(findPython(folder, {})).toBe("python3");
  });
});

describe("requireLambdaPython", () => {
  it("is content with one that has what functions need", async () => {
    await expect(requireLambdaPython(aPython("echo"))).resolves.toBeUndefined();
  });

  it("names all that is missing, and the line to type", async () => {
    const python = aPython("echo awslambdaric boto3");

    await expect(requireLambdaPython(python)).rejects.toThrow(
      `${python} lacks awslambdaric and boto3, which functions in Python need here: ${python} -m pip install awslambdaric boto3`,
    );
  });

  it("names one that does not run", async () => {
    await expect(requireLambdaPython("/nowhere/python3")).rejects.toThrow(
      "/nowhere/python3 does not run: install it",
    );
  });
});
