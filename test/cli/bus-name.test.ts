import { readdirSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { busName } from "../../cli/bus-name.ts";
import { dlq } from "../../cli/commands/dlq.ts";
import {
  type Argument,
  type Command,
  exitCodes,
  type Option,
  runProgram,
  UsageError,
} from "../../cli/index.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";

const folder = new URL("../../cli/commands/", import.meta.url);

/** What each command takes under the name `bus`. */
async function busWords(): Promise<readonly (readonly [string, Argument | Option])[]> {
  const modules = await Promise.all(
    readdirSync(folder).map(async (file): Promise<object> => import(new URL(file, folder).href)),
  );
  const commands = modules
    .flatMap((module) => Object.values(module) as Partial<Command>[])
    .filter((one) => typeof one?.run === "function" && one.options !== undefined);
  return commands.flatMap((one) =>
    [one.options?.bus, one.arguments?.bus].flatMap((word) =>
      word === undefined ? [] : [[String(one.name), word] as const],
    ),
  );
}

describe("busName", () => {
  it("answers a name that a bus can have", () => {
    expect(busName("shopdev")).toBe("shopdev");
  });

  it.each(["Bad_Name", "shop-dev", "", "9lives", "a".repeat(21)])("refuses %j", (typed) => {
    expect(() => busName(typed)).toThrow(UsageError);
    expect(() => busName(typed)).toThrow(/bus name ".*" is not allowed: it must match .* as in "shopdev"/);
  });
});

describe("a name that no bus can have", () => {
  it("is refused by every command that takes one", async () => {
    const words = await busWords();

    expect(words.length).toBeGreaterThan(20);
    for (const [name, { parse }] of words) {
      expect({ name, refuses: parse !== undefined }).toEqual({ name, refuses: true });
      expect(() => parse?.("Bad_Name")).toThrow(UsageError);
    }
  });

  it("is refused before anything is asked of a cloud", async () => {
    const terminal = recordedTerminal();

    const code = await runProgram(
      { version: "0", commands: [dlq] },
      ["dlq", "list", "--bus", "Bad_Name"],
      terminal,
    );

    expect(code).toBe(exitCodes.usage);
    expect(terminal.written.err).toMatch(/--bus: bus name "Bad_Name" is not allowed/);
    expect(terminal.written.err).not.toContain("target:");
  });
});
