import { describe, expect, it } from "@jest/globals";
import { projectFiles, reaches, textOf } from "./source.ts";

/** Time and chance: through `src/clock.ts` alone, because the simulator lives on it. */
const doors = [
  "Date.now",
  "Date()",
  "new Date()",
  "Math.random",
  "performance.now",
  "process.hrtime",
  "setTimeout()",
  "setInterval()",
  "randomUUID()",
  "crypto.randomUUID",
  "randomBytes()",
];

/** Where the door itself stands, or what cannot go through it. Each with its reason. */
const mayReach: Readonly<Record<string, string>> = {
  "src/clock.ts": "it is the door",
};

const watched = /^(src|local|ops|lambdas)\/.*\.ts$/;

describe("time and chance", () => {
  it.each([
    ["Date.now", "const a = Date.now();"],
    ["Date.now", "const now = Date.now;"],
    ["new Date()", "const a = new Date();"],
    ["new Date()", "const a = new Date;"],
    ["Math.random", "export const r = () => Math.random() * 2;"],
    ["setTimeout()", "await new Promise((go) => setTimeout(go, 5));"],
    ["randomUUID()", 'import { randomUUID } from "node:crypto"; randomUUID();'],
  ])("are seen: %s in %s", (door, code) => {
    expect(reaches(code)).toContain(door);
  });

  it("are not seen in comments, strings and dates that are given", () => {
    const code =
      '/** Date.now() */ const a = "Math.random()"; // setTimeout()\nnew Date(0); clock.setTimeout(1);';

    expect(doors.filter((door) => reaches(code).has(door))).toEqual([]);
  });

  it("come through src/clock.ts", () => {
    const wrong = projectFiles()
      .filter((file) => watched.test(file) && !(file in mayReach))
      .flatMap((file) => {
        const found = reaches(textOf(file) ?? "");
        return doors.filter((door) => found.has(door)).map((door) => `${file}: ${door}`);
      });

    expect(wrong).toEqual([]);
  });

  it("have no exception that nobody needs", () => {
    const idle = Object.keys(mayReach).filter((file) => {
      const found = reaches(textOf(file) ?? "");
      return !doors.some((door) => found.has(door));
    });

    expect(idle).toEqual([]);
  });
});
