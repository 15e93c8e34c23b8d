import { describe, expect, it } from "@jest/globals";
import { watchInterrupts } from "../../cli/interrupts.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";

describe("watchInterrupts", () => {
  it("asks for an end at the first signal, and knows its exit code", () => {
    const { send, interrupts, ended } = watched();
    expect(interrupts.code()).toBeUndefined();

    send("SIGINT");

    expect(interrupts.signal.aborted).toBe(true);
    expect(interrupts.code()).toBe(130);
    expect(ended).toEqual([]);
  });

  it("ends by force, children first, at the second signal", () => {
    const { send, ended } = watched();

    send("SIGINT");
    send("SIGINT");

    expect(ended).toEqual(["killed below 7", 130]);
  });

  it("ends by force within two seconds when the command does not end", async () => {
    const { send, ended, clock } = watched();

    send("SIGTERM");
    await clock.advance(1_600);
    expect(ended).toEqual([]);
    await clock.advance(400);

    expect(ended).toEqual(["killed below 7", 143]);
  });
});

function watched() {
  const listeners = new Map<string, () => void>();
  const ended: (string | number)[] = [];
  const clock = virtualClock();
  const interrupts = watchInterrupts({
    process: { pid: 7, on: (signal, listener) => listeners.set(signal, listener) },
    end: (code) => ended.push(code),
    kill: (pid) => ended.push(`killed below ${pid}`),
    clock,
  });
  return { interrupts, ended, clock, send: (signal: string) => listeners.get(signal)?.() };
}
