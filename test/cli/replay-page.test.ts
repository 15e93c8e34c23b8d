import { describe, expect, it } from "@jest/globals";
import { replay } from "../../cli/commands/replay.ts";
import { textOf } from "../house/source.ts";

const page = textOf("docs/replay.md") ?? "";

describe("docs/replay.md", () => {
  it("tells each option of bus replay, and no other", () => {
    const options = new Set(replay.commands.flatMap((command) => Object.keys(command.options)));
    const told = page
      .split("\n")
      .filter((line) => line.startsWith("| `--"))
      .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`--([\w-]+)`/g)].map(([, option]) => option));

    expect(told.sort()).toEqual([...options].sort());
  });

  it("tells each command", () => {
    for (const { name } of replay.commands.filter((one) => one.name !== replay.otherwise)) {
      expect(page).toContain(`| \`bus replay ${name} `);
    }
  });
});
