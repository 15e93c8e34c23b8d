import { describe, expect, it } from "@jest/globals";
import { thrownAt } from "../../src/consume/thrown-at.ts";

const withStack = (message: string, ...lines: readonly string[]) =>
  Object.assign(new Error(message), { stack: [`Error: ${message}`, ...lines].join("\n") });

describe("thrownAt", () => {
  it("names the function that threw, its file and the position", () => {
    function charge() {
      return new TypeError("no id");
    }

    expect(thrownAt(charge())).toMatch(/^charge \(thrown-at\.test\.ts:\d+:\d+\)$/);
  });

  it.each([
    ["    at charge (file:///var/task/index.mjs:12:7)", "charge (index.mjs:12:7)"],
    ["    at async Partner.charge (/var/task/index.mjs:12:7)", "Partner.charge (index.mjs:12:7)"],
    ["    at file:///var/task/index.mjs:12:7", "index.mjs:12:7"],
    ["    at charge (C:\\app\\index.js:1:2)", "charge (index.js:1:2)"],
    ["    at async Promise.all (index 0)", undefined],
    ["    at new Promise (<anonymous>)", undefined],
    ["    at node:internal/process/task_queues:105:5", undefined],
    ["    at parse (/var/task/node_modules/zod/index.js:3:4)", undefined],
  ])("reads %j as %j", (line, place) => {
    expect(thrownAt(withStack("no", line))).toBe(place);
  });

  it("passes by Node's own lines and those of packages", () => {
    const error = withStack(
      "no",
      "    at fetch (node:internal/deps/undici:1:2)",
      "    at parse (/var/task/node_modules/zod/index.js:3:4)",
      "    at charge (/var/task/index.mjs:5:6)",
    );

    expect(thrownAt(error)).toBe("charge (index.mjs:5:6)");
  });

  it("is not misled by a message that looks like a stack", () => {
    const error = withStack("no\n    at evil (/x.js:1:1)", "    at charge (/var/task/index.mjs:5:6)");

    expect(thrownAt(error)).toBe("charge (index.mjs:5:6)");
  });

  it("cuts what is long, takes no long time for what would like to be slow, and survives what throws", () => {
    const slow = withStack("no", `    at ${"a (".repeat(100_000)}`, `    at ${" ".repeat(100_000)}x:1:1`);
    const hostile = Object.defineProperty(new Error("no"), "stack", {
      get: () => {
        throw new Error("not yours");
      },
    });

    expect(thrownAt(withStack("no", `    at ${"f".repeat(400)} (/a.js:1:1)`))).toHaveLength(200);
    expect(thrownAt(slow)).toBeUndefined();
    expect(thrownAt(hostile)).toBeUndefined();
    expect(thrownAt("a text")).toBeUndefined();
    expect(thrownAt(undefined)).toBeUndefined();
  });
});
