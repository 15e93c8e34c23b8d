import { describe, expect, it } from "@jest/globals";
import { dlq } from "../../cli/commands/dlq.ts";
import { lag } from "../../cli/commands/lag.ts";
import { textOf } from "../house/source.ts";

const page = textOf("docs/dead-letters.md") ?? "";
const sectionOf = (title: string) => page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
const told = (title: string) =>
  sectionOf(title)
    .split("\n")
    .filter((line) => line.startsWith("| `--"))
    .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`--([\w-]+)`/g)].map(([, option]) => option));

describe("docs/dead-letters.md", () => {
  it("tells each option of bus dlq, and no other", () => {
    const options = new Set(dlq.commands.flatMap((command) => Object.keys(command.options)));

    expect(told("Options").sort()).toEqual([...options].sort());
  });

  it("tells each option of bus lag, and no other", () => {
    expect(told("bus lag").sort()).toEqual(Object.keys(lag.options).sort());
  });

  it("tells each verdict of bus lag", () => {
    const states = [...(textOf("ops/lag/judge-lag.ts") ?? "").matchAll(/state: "([\w ]+)"/g)].map(
      ([, state]) => state,
    );
    const rows = [...sectionOf("bus lag").matchAll(/^\| ([a-z][a-z ]+) \|/gm)].map(([, state]) => state);

    expect(rows.sort()).toEqual([...new Set(states)].sort());
  });
});
