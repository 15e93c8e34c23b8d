import { describe, expect, it } from "@jest/globals";
import { projectFiles, reaches, textOf } from "./source.ts";

/** Files that read it besides. Each with its reason. */
const mayRead: Readonly<Record<string, string>> = {
  "local/lambda/run-handler.ts": "runs inside a function: its variables are how Lambda speaks to it",
  "local/lambda/runtime-node.ts": "runs inside a function: its variables are how Lambda speaks to it",
};

const watched = /^(src|lib|lambdas|local|ops|cli|console|drills|bin)\/.*\.ts$/;

describe("process.env", () => {
  it("is seen where it is read", () => {
    expect(reaches("const a = process.env.HOME;")).toContain("process.env");
    expect(reaches("// process.env\nconst a = 'process.env';")).not.toContain("process.env");
  });

  it("is read in src/env.ts, and at one place of any other folder at most", () => {
    const readers = projectFiles().filter(
      (file) => watched.test(file) && !(file in mayRead) && reaches(textOf(file) ?? "").has("process.env"),
    );
    const folders = Map.groupBy(readers, (file) => file.split("/")[0]);

    expect(folders.get("src")).toEqual(["src/env.ts"]);
    expect(folders.get("lib") ?? []).toEqual([]);
    expect([...folders.values()].filter((files) => files.length > 1)).toEqual([]);
  });
});
