import { describe, expect, it } from "@jest/globals";
import { cutParts, type ReplaySelection } from "../../../src/replay/index.ts";
import { beginMs, fleetWorld, idsOf } from "./fleet-world.ts";

describe("cutParts", () => {
  it.each([
    ["all", { fromMs: beginMs }, 0, 144],
    ["what is sealed", { fromMs: beginMs, toMs: beginMs + 90_000 }, 0, 90],
    ["from an offset on", { from: "2026-01-01-00-00/0/33" }, 33, 144],
    ["between offsets", { from: "2026-01-01-00-00/0/33", to: "2026-01-01-00-00/0/110" }, 33, 110],
    ["what is not sealed", { fromMs: beginMs + 121_000 }, 121, 144],
  ] as const)("cuts %s into parts that have each event once, in order", async (_, selection, from, to) => {
    const { segments, replay, ids } = await fleetWorld();

    const parts = await cutParts(segments.archive, selection, { most: 7, fewest: 10 });
    const counts: number[] = [];
    for (const part of parts) counts.push((await replay(part, { perSecond: 1_000 })).counts.sent);

    expect(ids()).toEqual(idsOf(from, to));
    expect(parts.length).toBeLessThanOrEqual(7);
    // Sealed lines, evenly; what is not sealed is the last one's.
    expect(Math.max(...counts.slice(0, -1), 0)).toBeLessThanOrEqual(Math.ceil(120 / 7));
  });

  it("makes one part of few lines, and of none", async () => {
    const { segments } = await fleetWorld();
    const cut = (selection: ReplaySelection) => cutParts(segments.archive, selection, { most: 7 });

    expect(await cut({ fromMs: beginMs })).toEqual([{ fromMs: beginMs }]);
    expect(await cut({ fromMs: beginMs + 400 * 86_400_000 })).toHaveLength(1);
  });

  it("leaves a span that is open between sealed ones to the part that it falls in", async () => {
    const { segments, archive, replay, ids, clock } = await fleetWorld({ open: 0 });
    // An hour in which a sealer failed, and one that was sealed after it.
    await archive([{ id: "o-1000", timeMs: clock.nowMs() }]);
    const failed = "2026-01-01-01-00";
    await clock.advance(3_600_000);
    await archive(idsOf(2_000, 2_040).map((id, nth) => ({ id, timeMs: clock.nowMs() + nth })));
    await clock.advance(3_800_000);
    const { spanSealer } = await import("../../../src/segments/index.ts");
    const sealer = spanSealer(segments.archive);
    for (const span of await sealer.due()) if (span !== failed) await sealer.seal(span);

    const parts = await cutParts(segments.archive, { fromMs: beginMs }, { most: 8, fewest: 10 });
    for (const part of parts) await replay(part, { perSecond: 1_000 });

    expect(ids()).toEqual([...idsOf(0, 120), "o-1000", ...idsOf(2_000, 2_040)]);
  });
});
