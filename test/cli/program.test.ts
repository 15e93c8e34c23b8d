import { describe, expect, it } from "@jest/globals";
import { type Command, command, exitCodes, runProgram, type Terminal, UsageError } from "../../cli/index.ts";
import { count } from "../../cli/option-values.ts";
import { OmnibusError } from "../../src/errors.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";

describe("runProgram", () => {
  it("hands a command its options, typed by their parsers, and answers its exit code", async () => {
    let given: unknown;
    const greet = command({
      name: "greet",
      summary: "says hello",
      options: {
        times: { value: "<count>", summary: "how often", parse: count, fallback: 3 },
        name: { value: "<name>", summary: "whom" },
        loud: { summary: "in capitals" },
        "dry-run": { summary: "to nobody" },
      },
      run: async (_, { times, name, loud, "dry-run": nobody }) => {
        given = { times: times + 1, name: name?.toUpperCase(), loud, nobody };
        return exitCodes.partial;
      },
    });

    const code = await run(greet, ["greet", "--times", "4", "--name", "ann"]);
    expect(given).toEqual({ times: 5, name: "ANN", loud: false, nobody: false });
    expect(code).toBe(1);

    await run(greet, ["greet", "--loud", "--dry-run"]);
    expect(given).toEqual({ times: 4, name: undefined, loud: true, nobody: true });
  });

  it("hands a command its arguments in order, typed by their parsers", async () => {
    let given: unknown;
    const repeat = command({
      name: "repeat",
      summary: "says it again",
      arguments: {
        word: { value: "<word>", summary: "what" },
        times: { value: "[times]", summary: "how often", parse: count },
      },
      options: { loud: { summary: "in capitals" } },
      run: async (_, { word, times, loud }) => {
        given = { word: word.toUpperCase(), times: times === undefined ? "once" : times + 1, loud };
        return exitCodes.done;
      },
    });

    expect(await run(repeat, ["repeat", "ann", "--loud", "3"])).toBe(0);
    expect(given).toEqual({ word: "ANN", times: 4, loud: true });
    expect(await run(repeat, ["repeat", "bob"])).toBe(0);
    expect(given).toEqual({ word: "BOB", times: "once", loud: false });

    const terminal = recordedTerminal();
    expect(await run(repeat, ["repeat"], terminal)).toBe(2);
    expect(await run(repeat, ["repeat", "ann", "0"], terminal)).toBe(2);
    expect(await run(repeat, ["repeat", "--help"], terminal)).toBe(0);
    expect(terminal.written.err).toContain("missing required argument 'word'");
    expect(terminal.written.err).toContain('[times]: "0" is no count');
    expect(terminal.written.out).toContain("<word> [times]");
  });

  it.each([
    [["--help"], "play"],
    [["-h"], "Exit codes: 0 done, 1 partial, 2 usage, 3 failed"],
    [["play", "--help"], "--times <count>"],
    [["--version"], "1.2.3"],
  ])("prints what %j asks for to standard output and answers 0", async (words, text) => {
    const terminal = recordedTerminal();

    const code = await run(play(), words, terminal);

    expect(code).toBe(0);
    expect(terminal.written.out).toContain(text);
    expect(terminal.written.err).toBe("");
  });

  it.each([
    [[], "Usage: bus"],
    [["dance"], "unknown command 'dance'"],
    [["plya"], "Did you mean play?"],
    [["play", "--tmes", "3"], "Did you mean --times?"],
    [["play", "--times"], "argument missing"],
    [["play", "--times", "0"], '--times: "0" is no count: give a whole number from 1 on'],
    [["play", "more"], "too many arguments"],
  ])("answers 2 to %j and says what is wrong on standard error", async (words, text) => {
    const terminal = recordedTerminal();

    const code = await run(play(), words, terminal);

    expect(code).toBe(2);
    expect(terminal.written.err).toContain(text);
    expect(terminal.written.out).toBe("");
  });

  it("answers 2 when a command itself refuses its options, and 3 to any other failure", async () => {
    expect(await run(failing(new UsageError("--a and --b do not go together")), ["play"])).toBe(2);
    expect(await run(failing(new OmnibusError("x", "the port is taken")), ["play"])).toBe(3);
    expect(await run(failing("just text"), ["play"])).toBe(3);
  });

  it("says a failure with its causes, without control characters, and as JSON when asked", async () => {
    const terminal = recordedTerminal();
    const error = new OmnibusError("port-taken", "the port is \u001b[31mtaken\u0007", {
      cause: new Error("EADDRINUSE"),
    });

    await run(failing(error), ["play", "--json"], terminal);

    expect(terminal.written.err).toContain("bus: the port is [31mtaken\n");
    expect(terminal.written.err).toContain("because: EADDRINUSE");
    const lastLine = terminal.written.out.trimEnd().split("\n").at(-1) ?? "";
    expect(JSON.parse(lastLine)).toEqual({
      error: { code: "port-taken", message: "the port is \u001b[31mtaken\u0007" },
    });
    expect(terminal.written.out).not.toContain("\u001b");
  });

  it("prints usage mistakes as JSON when asked", async () => {
    const terminal = recordedTerminal();

    const code = await run(play(), ["play", "--json", "--times", "0"], terminal);

    expect(code).toBe(2);
    expect(JSON.parse(terminal.written.out)).toEqual({
      error: { code: "usage", message: expect.stringContaining("--times") },
    });
  });
});

function run(entry: Command, words: readonly string[], terminal: Terminal = recordedTerminal()) {
  return runProgram({ version: "1.2.3", commands: [entry] }, words, terminal);
}

function play(): Command {
  return command({
    name: "play",
    summary: "plays",
    options: {
      times: { value: "<count>", summary: "how often", parse: count, fallback: 1 },
      json: { summary: "as JSON" },
    },
    run: async () => exitCodes.done,
  });
}

function failing(thrown: unknown): Command {
  return command({
    name: "play",
    summary: "fails",
    options: { json: { summary: "as JSON" } },
    run: () => Promise.reject(thrown),
  });
}
