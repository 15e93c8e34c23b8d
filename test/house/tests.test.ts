import { describe, expect, it } from "@jest/globals";
import { projectFiles, reaches, textOf } from "./source.ts";

const suites = projectFiles().filter((file) => file.endsWith(".test.ts"));
const testers = ["it", "test", "describe"];
const unfinished = testers.flatMap((tester) =>
  ["only", "skip", "todo"].map((word) => `${tester}.${word}`).concat(`x${tester}()`, `f${tester}()`),
);
/** What a sleeping test would use: a test waits for an outcome, or moves a virtual clock. */
const sleeping = ["setTimeout()", "setInterval()", "Atomics.wait"];

/** Tests that need a real timer for something other than sleep. Each with its reason. */
const mayUseTimers: Readonly<Record<string, string>> = {};

describe("the tests", () => {
  it("are seen when they are left out or sleep", () => {
    const left = reaches(
      `it${".only"}("a", f); describe${".skip"}("b", f); test${".todo"}("c"); xit("d", f);`,
    );

    expect(unfinished.filter((word) => left.has(word))).toEqual([
      "it.only",
      "xit()",
      "test.todo",
      "describe.skip",
    ]);
    expect(reaches("await new Promise((go) => setTimeout(go, 50))")).toContain("setTimeout()");
    expect(reaches("await sleep(systemClock, 50)")).toContain("sleep()");
  });

  it("are all run", () => {
    const left = suites.flatMap((file) => {
      const found = reaches(textOf(file) ?? "");
      return unfinished.filter((word) => found.has(word)).map((word) => `${file}: ${word}`);
    });

    expect(left).toEqual([]);
    expect(suites.length).toBeGreaterThan(5);
  });

  it("never sleep", () => {
    const asleep = suites
      .filter((file) => !(file in mayUseTimers))
      .flatMap((file) => {
        const text = textOf(file) ?? "";
        const found = reaches(text);
        const real = found.has("sleep()") && /sleep\(\s*systemClock/.test(text) ? ["sleep(systemClock)"] : [];
        return [...sleeping.filter((word) => found.has(word)), ...real].map((word) => `${file}: ${word}`);
      });

    expect(asleep).toEqual([]);
  });
});
