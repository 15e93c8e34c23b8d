import { describe, expect, it } from "@jest/globals";
import { spanSealer, writeRaw } from "../../src/segments/index.ts";
import { beginMs, hourMs, line, notebook, sealAll, watched } from "./notes.ts";

describe("spanSealer", () => {
  it("leaves a span alone until it is closed: two minutes after its end", async () => {
    const { segments, clock } = notebook();
    await writeRaw(segments, [line({ id: "a", timeMs: beginMs })]);
    const sealer = spanSealer(segments);
    await clock.advance(hourMs + 119_999);
    expect(await sealer.due()).toEqual([]);

    await clock.advance(1);

    expect(await sealer.due()).toEqual(["2026-11-27-01-00"]);
  });

  it("seals the oldest first, however old it is", async () => {
    const { segments, clock } = notebook();
    for (const hours of [0, 1, 30, 200]) {
      await clock.advance(hours * hourMs);
      await writeRaw(segments, [line({ id: `${hours}`, timeMs: clock.nowMs() })]);
    }
    await clock.advance(2 * hourMs);

    expect(await sealAll(segments)).toEqual([
      "2026-11-27-01-00",
      "2026-11-27-02-00",
      "2026-11-28-08-00",
      "2026-12-06-16-00",
    ]);
    expect(await sealAll(segments)).toEqual([]);
  });

  it("looks for strays for a day, and no longer", async () => {
    const { segments, clock } = notebook();
    const behind = notebook({ store: segments.store });
    await writeRaw(segments, [line({ id: "a", timeMs: beginMs })]);
    await clock.advance(24 * hourMs);
    await sealAll(segments);

    await writeRaw(behind.segments, [line({ id: "b", timeMs: beginMs })]);
    expect(await sealAll(segments)).toEqual(["2026-11-27-01-00"]);
    await clock.advance(2 * hourMs);
    await writeRaw(behind.segments, [line({ id: "c", timeMs: beginMs })]);
    expect(await sealAll(segments)).toEqual([]);
  });

  it("notices what another has sealed meanwhile", async () => {
    const { segments, clock } = notebook();
    const behind = notebook({ store: segments.store });
    await writeRaw(segments, [line({ id: "a", timeMs: beginMs })]);
    await clock.advance(2 * hourMs);
    const [one, other] = [spanSealer(segments), spanSealer(segments)];
    await sealAll(segments, one);
    await writeRaw(behind.segments, [line({ id: "b", timeMs: beginMs })]);

    expect(await sealAll(segments, other)).toEqual(["2026-11-27-01-00"]);
    expect(await sealAll(segments, one)).toEqual([]);
  });

  it("asks little when there is nothing to do", async () => {
    const { segments, clock, store } = notebook();
    for (let span = 0; span < 30; span++) {
      await writeRaw(segments, [line({ id: `${span}`, timeMs: clock.nowMs() })]);
      await clock.advance(hourMs);
    }
    const calls: string[] = [];
    const counted = { ...segments, store: watched(store, (call) => void calls.push(call)) };
    const sealer = spanSealer(counted);
    await sealAll(counted, sealer);
    calls.length = 0;

    expect(await sealer.due()).toEqual([]);

    // The spans that have raw objects, those that are shown, and the raw objects of a day.
    expect(calls).toEqual(["folders", "list", "list"]);
  });
});
