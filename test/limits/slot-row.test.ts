import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { type OwnedStart, ownedStart } from "../../src/limits/slot.ts";
import { slotRow } from "../../src/limits/slot-row.ts";

const latenessMs = 20;

/** A row of starts, `spacingMs` apart, the first one now; and what became of each place in its line, and when. */
function world({ count, spacingMs }: { count: number; spacingMs: number }) {
  const clock = virtualClock();
  const beganMs = clock.nowMs();
  const starts: OwnedStart[] = Array.from({ length: count }, (_, index) =>
    ownedStart((beganMs + index * spacingMs) * 1_000, latenessMs),
  );
  const row = slotRow(starts, clock);
  const ends: [string, number][] = [];
  const wait = async (at: number, signal?: AbortSignal) => {
    const said = (await row.slots[at]?.wait(signal)) ?? "";
    ends.push([`${at} ${said}`, clock.nowMs() - beganMs]);
  };
  return { clock, row, starts, ends, wait };
}

const every = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("slotRow", () => {
  it("lets each start at its own moment", async () => {
    const { clock, ends, wait } = world({ count: 3, spacingMs: 100 });

    await clock.until(Promise.all(every(3).map((at) => wait(at))));

    expect(ends).toEqual([
      ["0 start", 0],
      ["1 start", 100],
      ["2 start", 200],
    ]);
  });

  it("moves all on by one when a start has passed, and tells the last ones together", async () => {
    const { clock, ends, wait, starts } = world({ count: 5, spacingMs: 100 });
    await clock.advance(150);

    await clock.until(Promise.all(every(5).map((at) => wait(at))));

    expect(ends).toEqual([
      ["0 start", 200],
      ["3 late", 250],
      ["4 late", 250],
      ["1 start", 300],
      ["2 start", 400],
    ]);
    expect(starts.map(({ used }) => used)).toEqual([false, false, true, true, true]);
  });

  it("keeps its place for who comes to wait later, and lets the others start meanwhile", async () => {
    const { clock, ends, wait } = world({ count: 4, spacingMs: 100 });
    const others = [1, 2].map((at) => wait(at));
    await clock.advance(250);

    await clock.until(Promise.all([...others, wait(0), wait(3)]));

    expect(ends).toEqual([
      ["1 start", 100],
      ["2 start", 200],
      ["0 start", 300],
      ["3 late", 300],
    ]);
  });

  it("tells them by the end of the row, where it ends sooner", async () => {
    const { clock, ends, wait } = world({ count: 5, spacingMs: 25 });
    await clock.advance(50);

    await clock.until(Promise.all(every(5).map((at) => wait(at))));

    expect(ends).toEqual([
      ["0 start", 50],
      ["1 start", 75],
      ["2 start", 100],
      ["3 late", 100],
      ["4 late", 100],
    ]);
  });

  it("gathers anew for a later stall", async () => {
    const { clock, ends, wait } = world({ count: 5, spacingMs: 1_000 });
    const first = [0, 3, 4].map((at) => wait(at));
    await clock.advance(1_500);
    const second = wait(1);
    await clock.advance(1_600);

    await clock.until(Promise.all([...first, second, wait(2)]));

    expect(ends).toEqual([
      ["0 start", 0],
      ["4 late", 1_600],
      ["1 start", 2_000],
      ["3 late", 3_200],
      ["2 start", 4_000],
    ]);
  });

  it("never lets two start at one moment, whoever wakes first", async () => {
    const { clock, starts, ends, wait } = world({ count: 8, spacingMs: 5 });
    await clock.advance(24);

    await clock.until(Promise.all([7, 3, 5, 1, 0, 6, 2, 4].map((at) => wait(at))));

    const started = ends.filter(([said]) => said.endsWith("start"));
    expect(started).toHaveLength(starts.filter(({ used }) => used).length);
    expect(started).toHaveLength(7);
  });

  it("lets nobody start after it was given back, or aborted", async () => {
    const { clock, row, ends, wait, starts } = world({ count: 3, spacingMs: 100 });
    const controller = new AbortController();
    const waiting = [wait(1, controller.signal), wait(2)];
    controller.abort();
    row.revoke();

    await clock.until(Promise.all([...waiting, wait(0)]));

    expect(ends.map(([said]) => said)).toEqual(["0 aborted", "1 aborted", "2 aborted"].sort());
    expect(starts.some(({ used }) => used)).toBe(false);
  });
});
