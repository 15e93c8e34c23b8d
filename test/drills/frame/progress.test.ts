import { describe, expect, it } from "@jest/globals";
import { type ProgressSources, showProgress } from "../../../drills/frame/progress.ts";
import { createTally } from "../../../drills/frame/tally.ts";
import { consumers } from "../../../drills/orders/consumers.ts";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";

describe("showProgress", () => {
  it("redraws its lines in place on a screen, cut to its width", async () => {
    const clock = virtualClock();
    const drawn: string[] = [];
    const stage = { draw: (text: string) => drawn.push(text), say: () => {}, screen: { columns: 60 } };

    const end = showProgress(stage, sources(), clock);
    await clock.advance(600);
    end();

    expect(drawn).toHaveLength(3);
    expect(drawn[0]?.startsWith("\u001b[2Kpublished 2,000 of 5,000 orders")).toBe(true);
    expect(drawn[1]?.startsWith("\u001b[4A\u001b[2Kpublished")).toBe(true);
    const lines = (drawn[1] ?? "").split("\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the display's own
    expect(Math.max(...lines.map((line) => line.replace(/\u001b\[\d*[AK]/g, "").length))).toBeLessThan(60);
    expect(clock.pending).toBe(0);
  });

  it("says plain lines every five seconds elsewhere, with rates, lag, outcomes and the time left", async () => {
    const clock = virtualClock();
    const said: string[] = [];
    const stage = { draw: () => {}, say: (text: string) => said.push(text), screen: undefined };
    const from = sources();

    const end = showProgress(stage, from, clock);
    await clock.advance(4_900);
    expect(said).toEqual([]);
    for (const tally of Object.values(from.tally.of)) tally.handled += 500;
    from.published.orders += 1_000;
    await clock.advance(100);
    end();

    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/published 3,000 of 5,000 orders {2}200\/s {2}killed 3 {2}ETA 45 s/);
    expect(said[0]).toMatch(/Points +handled +500 +100\/s +lag +7 +duplicates +0 +retries +0 +dead +0/);
  });
});

function sources(): ProgressSources & { published: { orders: number } } {
  return {
    consumers,
    orders: 5_000,
    published: { orders: 2_000 },
    backlog: {
      latest: () => {
        throw new Error("not needed");
      },
      lag: () => 7,
      deepest: () => 7,
      next: async () => {},
      stop: () => {},
    },
    tally: createTally(consumers),
    kills: () => 3,
  };
}
