import { describe, expect, it } from "@jest/globals";
import { listRawFrom, writeRaw } from "../../src/segments/index.ts";
import { beginMs, hourMs, line, notebook } from "./notes.ts";

describe("listRawFrom", () => {
  it("lists a span's objects by their first line's time, and all of the spans behind it", async () => {
    const { segments, clock } = notebook();
    const write = (...times: readonly number[]) =>
      writeRaw(
        segments,
        times.map((timeMs) => line({ id: `n${timeMs}`, timeMs })),
      );
    await write(beginMs - hourMs);
    await write(beginMs);
    await write(beginMs + 1_000, beginMs + 9_000);
    await write(beginMs + 2_000);
    await clock.advance(hourMs);
    await write(beginMs - 5 * hourMs);
    await segments.store.put("raw/notes/span=2026-11-27-02-00/readme.txt", Buffer.from("none of ours"));
    const from = async (span: string, firstMs?: number) => {
      const found: string[] = [];
      const options = firstMs === undefined ? { span } : { span, firstMs };
      for await (const { span, raw } of listRawFrom(segments, options)) {
        found.push(`${span.slice(11)} ${(raw.firstMs - beginMs) / 1_000}`);
      }
      return found;
    };

    expect(await from("2026-11-27-01-00", beginMs + 1_000)).toEqual(["01-00 1", "01-00 2", "02-00 -18000"]);
    expect(await from("2026-11-27-01-00", beginMs + 1_001)).toEqual(["01-00 2", "02-00 -18000"]);
    expect(await from("2026-11-27-01-00")).toHaveLength(5);
    expect(await from("2026-11-27-00-00", beginMs + hourMs)).toHaveLength(5);
    expect(await from("2026-11-27-02-00")).toEqual(["02-00 -18000"]);
    expect(await from("2026-11-27-03-00")).toEqual([]);
  });
});
