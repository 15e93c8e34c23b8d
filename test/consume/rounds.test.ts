import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { sleep } from "../../src/clock.ts";
import { type Alone, createRounds } from "../../src/consume/drain/rounds.ts";

function world() {
  const clock = virtualClock({ turns: 1 });
  const rounds = createRounds();
  const began = clock.nowMs();
  const seen: string[] = [];
  const say = (text: string) => seen.push(`${text} ${clock.nowMs() - began}`);
  const begin = (name: string, work: (alone: Alone) => Promise<void>) =>
    rounds.begin(1, async (alone) => {
      await work(alone);
      say(`${name} ends`);
    });
  const part = (name: string, ms: number) => async () => {
    say(name);
    await sleep(clock, ms);
  };
  return { clock, rounds, seen, begin, part };
}

describe("createRounds", () => {
  it("runs batches side by side, and tells when one has ended, and when all have", async () => {
    const { clock, rounds, seen, begin, part } = world();
    begin("a", part("a", 30));
    begin("b", part("b", 10));

    await clock.until(rounds.next());
    const afterOne = [...seen];
    await clock.until(rounds.idle());

    expect(afterOne).toEqual(["a 0", "b 0", "b ends 10"]);
    expect(seen.at(-1)).toBe("a ends 30");
    expect(rounds.events).toBe(0);
  });

  it("waits with a part that runs alone until nothing else runs, and lets none begin", async () => {
    const { clock, rounds, seen, begin, part } = world();
    begin("a", part("a", 30));
    begin("b", (alone) => alone(part("b alone", 10)));

    expect(rounds.isClosed).toBe(true);
    await clock.until(rounds.idle());

    expect(seen).toEqual(["a 0", "a ends 30", "b alone 30", "b ends 40"]);
    expect(rounds.isClosed).toBe(false);
  });

  it("gives two that want to be alone their turns one after the other", async () => {
    const { clock, rounds, seen, begin, part } = world();
    for (const name of ["a", "b"]) begin(name, (alone) => alone(part(name, 10)));

    await clock.until(rounds.idle());

    expect(seen).toEqual(["a 0", "a ends 10", "b 10", "b ends 20"]);
  });

  it("forgets the turn of a batch that has ended before it came", async () => {
    const { clock, rounds, seen, begin, part } = world();
    begin("a", part("a", 30));
    begin("b", (alone) => Promise.race([alone(part("b", 10)), sleep(clock, 20)]));

    await clock.until(rounds.idle());

    expect(seen).toEqual(["a 0", "b ends 20", "a ends 30"]);
    expect(rounds.isClosed).toBe(false);
    expect(rounds.events).toBe(0);
  });
});
