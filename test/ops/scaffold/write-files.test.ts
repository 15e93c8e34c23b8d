import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { writeFiles } from "../../../ops/scaffold/index.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const root = temporaryFolder();
let folder = "";
let count = 0;
const all = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();

beforeEach(() => {
  folder = join(root, `project-${count++}`);
  mkdirSync(folder);
});

describe("writeFiles", () => {
  it("writes files with the folders that they need, and leaves nothing beside them", () => {
    writeFiles(folder, [
      { path: "a/b/c.ts", text: "c" },
      { path: "d.ts", text: "d" },
    ]);

    expect(all()).toEqual(["a", "a/b", "a/b/c.ts", "d.ts"]);
    expect(readFileSync(join(folder, "a/b/c.ts"), "utf8")).toBe("c");
  });

  it("names every file that is there already, and writes none", () => {
    writeFileSync(join(folder, "b.ts"), "mine");
    writeFileSync(join(folder, "c.ts"), "mine too");
    const files = ["a.ts", "b.ts", "c.ts"].map((path) => ({ path, text: "theirs" }));

    expect(() => writeFiles(folder, files)).toThrow(/^b\.ts, c\.ts exist already in .*; no file is ever/);
    expect(all()).toEqual(["b.ts", "c.ts"]);
    expect(readFileSync(join(folder, "b.ts"), "utf8")).toBe("mine");
  });

  it("takes a link that leads nowhere for a file that is there", () => {
    symlinkSync(join(root, "elsewhere.ts"), join(folder, "a.ts"));

    expect(() => writeFiles(folder, [{ path: "a.ts", text: "theirs" }])).toThrow("a.ts exists already");
    expect(existsSync(join(root, "elsewhere.ts"))).toBe(false);
  });

  it("changes a file that holds what it is thought to hold, and no other", () => {
    writeFileSync(join(folder, "stack.ts"), "before");

    writeFiles(folder, [{ path: "stack.ts", text: "after", replaces: "before" }]);
    expect(readFileSync(join(folder, "stack.ts"), "utf8")).toBe("after");
    expect(() => writeFiles(folder, [{ path: "stack.ts", text: "again", replaces: "before" }])).toThrow(
      "stack.ts changed while this ran",
    );
    expect(all()).toEqual(["stack.ts"]);
  });

  it("undoes everything when one file cannot be written", () => {
    writeFileSync(join(folder, "stack.ts"), "before");
    // A file where a folder is needed: found only when it is made.
    writeFileSync(join(folder, "taken"), "a file");
    const files = [
      { path: "stack.ts", text: "after", replaces: "before" },
      { path: "new/a.ts", text: "a" },
      { path: "taken/b.ts", text: "b" },
    ];

    expect(() => writeFiles(folder, files)).toThrow(
      expect.objectContaining({
        code: "not-writable",
        message: expect.stringContaining(`into ${folder} (E`),
      }),
    );
    expect(all()).toEqual(["stack.ts", "taken"]);
    expect(readFileSync(join(folder, "stack.ts"), "utf8")).toBe("before");
  });

  it("undoes what was moved already when a later move fails", () => {
    writeFileSync(join(folder, "stack.ts"), "before");
    const files = [
      { path: "stack.ts", text: "after", replaces: "before" },
      { path: "new/a.ts", text: "a" },
      // The same place twice: the second move finds the first one's file.
      { path: "new/a.ts", text: "again" },
    ];

    expect(() => writeFiles(folder, files)).toThrow("new/a.ts has just appeared; nothing was written");
    expect(all()).toEqual(["stack.ts"]);
    expect(readFileSync(join(folder, "stack.ts"), "utf8")).toBe("before");
  });
});
