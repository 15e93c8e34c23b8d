import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { drill } from "../../../cli/commands/drill.ts";
import { type FullSize, fullSize } from "../../../drills/all/full-size.ts";
import { playAll } from "../../../drills/all/play-all.ts";
import { tableOf } from "../../../drills/all/table.ts";

/** Stands for `bus drill`: prints what its first word says, ends with the second, or waits for Ctrl-C. */
const script = `
const [, , said, code] = process.argv;
if (said === "wait") {
  process.on("SIGINT", () => process.exit(130));
  setInterval(() => {}, 1_000);
  console.error("waiting");
} else {
  process.stdout.write("prose\\n" + said + "\\n");
  process.exitCode = Number(code);
}
`;
const drillOf = (name: string, said: unknown, code = 0): FullSize => ({
  name,
  words: [typeof said === "string" ? said : JSON.stringify(said), String(code)],
  figures: ["found", "share", "missing"],
});

let folder: string;
let program: readonly string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "omnibus-all-"));
  program = [join(folder, "drill.mjs")];
  writeFileSync(program[0] ?? "", script);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("playAll", () => {
  it("plays one after the other; each passes by its exit code and its last line together", async () => {
    const drills = [
      drillOf("good", { pass: true, found: 3 }),
      drillOf("agrees", { agree: true }),
      drillOf("bad", { pass: false, findings: ["one is lost"] }, 3),
      drillOf("liar", { pass: true }, 3),
      drillOf("quiet", { found: 1 }),
      drillOf("broken", "no JSON"),
    ];
    const begun: string[] = [];

    const { signal } = new AbortController();
    const played = await playAll(drills, { signal, program, onDrill: (name) => begun.push(name) });

    expect(begun).toEqual(drills.map(({ name }) => name));
    expect(played.map(({ name, pass }) => [name, pass])).toEqual([
      ["good", true],
      ["agrees", true],
      ["bad", false],
      ["liar", false],
      ["quiet", false],
      ["broken", false],
    ]);
    expect(played[0]?.result).toEqual({ pass: true, found: 3 });
    expect(played[5]?.result).toBeUndefined();
  }, 30_000);

  it("ends the one that plays as Ctrl-C does, waits for it, and begins no other", async () => {
    const ending = new AbortController();
    const begun: string[] = [];

    const playing = playAll([drillOf("long", "wait"), drillOf("next", { pass: true })], {
      signal: ending.signal,
      program,
      onDrill: (name) => begun.push(name),
    });
    ending.abort();

    expect(await playing).toEqual([]);
    expect(begun).toEqual(["long"]);
  }, 30_000);
});

describe("tableOf", () => {
  it("has a line for each drill with its figures, and tells why some have failed", () => {
    const drills = [drillOf("good", ""), drillOf("bad", ""), drillOf("gone", "")];
    const text = tableOf(
      [
        { name: "good", pass: true, seconds: 12, result: { found: 12_345, share: 0.98765 } },
        { name: "bad", pass: false, seconds: 1.25, result: { found: 0, findings: ["one is lost"] } },
        { name: "gone", pass: false, seconds: 0.5, result: undefined },
      ],
      drills,
    );

    expect(text).toMatch(/good +│ yes +│ +12\.0 │ found 12,345, share 0\.988, missing –/);
    expect(text).toMatch(/bad +│ NO +│ +1\.3 │ found 0/);
    expect(text).toContain("  bad: one is lost\n  gone: it ended without a result");
  });
});

describe("fullSize", () => {
  it("has every drill of the command line", () => {
    const played = new Set(fullSize.map(({ words: [name] }) => name));

    expect([...played].sort()).toEqual(drill.commands.map(({ name }) => name).sort());
    expect(new Set(fullSize.map(({ name }) => name)).size).toBe(fullSize.length);
  });
});
