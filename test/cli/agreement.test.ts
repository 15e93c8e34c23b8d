import { PassThrough } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import { agreement } from "../../cli/commands/dlq-agreement.ts";
import { trackMoves } from "../../cli/commands/dlq-moves.ts";
import { createTerminal } from "../../cli/index.ts";
import { progressLine } from "../../cli/progress-line.ts";
import { systemClock } from "../../src/clock.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";

const here = {
  endpoint: "http://127.0.0.1:4566",
  isRealCloud: false,
  region: "local",
  identity: { account: "000000000000", arn: "arn" },
  problem: undefined,
};
const real = {
  ...here,
  endpoint: undefined,
  isRealCloud: true,
  identity: { account: "123456789012", arn: "arn" },
};

/** A terminal at which somebody types. */
function keyboard(typed: string) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  let shown = "";
  stderr.on("data", (chunk) => {
    shown += chunk;
    if (shown.endsWith("] ")) stdin.write(`${typed}\n`);
  });
  const controller = new AbortController();
  const terminal = createTerminal({
    stdin,
    stdout: { write: () => {} },
    stderr,
    directory: "/project",
    startedAtMs: 0,
    signal: controller.signal,
    unread: new AbortController().signal,
  });
  return { terminal, shown: () => shown, abort: () => controller.abort() };
}

const asked = {
  target: here,
  plan: "the plan",
  question: "send 5 back?",
  expected: "y",
  how: "--yes",
  yes: false,
  json: false,
};

describe("agreement", () => {
  it("asks who sits at the keyboard, and takes nothing else for a yes", async () => {
    const yes = keyboard("y");
    expect(await agreement({ ...asked, terminal: yes.terminal })).toBe(true);
    expect(yes.shown()).toContain("send 5 back? [y] ");

    expect(await agreement({ ...asked, terminal: keyboard("").terminal })).toBe(false);
    expect(await agreement({ ...asked, expected: "Stock", terminal: keyboard("y").terminal })).toBe(false);
  });

  it("shows the plan where nobody can be asked, and how to say yes", async () => {
    const terminal = recordedTerminal();

    expect(await agreement({ ...asked, terminal })).toBe(false);
    expect(terminal.written).toEqual({
      out: "the plan\n",
      err: "would send 5 back; nothing was changed: give --yes to do it\n",
    });
  });

  it("never changes the real cloud without its options, not even for a yes that is typed, and names the account", async () => {
    const { terminal, shown } = keyboard("y");

    expect(await agreement({ ...asked, terminal, target: real })).toBe(false);
    expect(shown()).toContain(
      "this is the real cloud, account 123456789012: nothing was changed. Give --yes",
    );
    expect(await agreement({ ...asked, terminal, target: real, yes: true })).toBe(true);
  });

  it("stops asking when the command is to end", async () => {
    const { terminal, abort } = keyboard("y");

    const answer = terminal.ask("send?");
    abort();

    expect(await answer).toBeUndefined();
  });
});

describe("trackMoves", () => {
  it("tells how far it is, how fast, and how long it will take", () => {
    let nowMs = 0;
    const shown: string[] = [];
    const track = trackMoves(100, (text) => shown.push(text), { ...systemClock, nowMs: () => nowMs });

    nowMs = 2_000;
    track({ moved: 19, failed: 1, undeleted: 0 });
    nowMs = 10_000;
    track({ moved: 99, failed: 1, undeleted: 0 });

    expect(shown).toEqual([
      "moved 19 of 100  failed 1  left 80  10/s  ETA 8 s",
      "moved 99 of 100  failed 1  left 0  10/s",
    ]);
  });
});

describe("progressLine", () => {
  const clockAt = () => {
    const clock = { ...systemClock, ms: 0, nowMs: () => clock.ms };
    return clock;
  };

  it("redraws in place on a screen, and clears the line at the end", () => {
    const drawn: string[] = [];
    const clock = clockAt();
    const line = progressLine(
      { say: () => {}, draw: (text) => drawn.push(text), screen: { columns: 8 } },
      clock,
    );

    line.show("one");
    line.show("too soon");
    clock.ms = 1_000;
    line.show("0123456789");
    line.end();

    expect(drawn).toEqual(["\r\u001b[2Kone", "\r\u001b[2K0123456", "\r\u001b[2K"]);
  });

  it("says a plain line now and then elsewhere", () => {
    const said: string[] = [];
    const clock = clockAt();
    const line = progressLine({ say: (text) => said.push(text), draw: () => {}, screen: undefined }, clock);

    for (clock.ms = 0; clock.ms <= 11_000; clock.ms += 500) line.show(String(clock.ms));
    line.end();

    expect(said).toEqual(["5000", "10000"]);
  });
});
