import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatOffset, parseOffset, spanAt, spanName, spanStartMs } from "../../src/segments/index.ts";
import { rawName, readRawName } from "../../src/segments/raw-name.ts";
import { beginMs, hourMs, notebook } from "./notes.ts";

describe("spanAt", () => {
  it("names a span by the minute in which it begins, in UTC", () => {
    expect(spanAt(beginMs, hourMs)).toBe("2026-11-27-01-00");
    expect(spanAt(beginMs + hourMs - 1, hourMs)).toBe("2026-11-27-01-00");
    expect(spanAt(beginMs + hourMs, hourMs)).toBe("2026-11-27-02-00");
    expect(spanAt(beginMs + 61_000, 60_000)).toBe("2026-11-27-01-01");
  });

  it("makes names that sort by time and can be read back", () => {
    const minutes = fc.integer({ min: 0, max: 80_000_000 });
    fc.assert(
      fc.property(minutes, minutes, (one, other) => {
        const [first, second] = [spanName(one * 60_000), spanName(other * 60_000)];

        expect(spanStartMs(first)).toBe(one * 60_000);
        expect(first < second).toBe(one < other);
      }),
    );
  });

  it.each([
    "",
    "2026-11-27",
    "2026-13-01-00-00",
    "2026-02-30-00-00",
    "2026-11-27-24-00",
    "x2026-11-27-01-00",
  ])("takes no other name for a span's: %s", (name) => {
    expect(spanStartMs(name)).toBeUndefined();
  });
});

describe("rawName", () => {
  it("tells what is in a raw object, and can be read back", () => {
    const name = rawName(
      { firstMs: 5, lastMs: 1_795_741_200_000, lines: 12 },
      "0198c1f2-7a3b-7c11-9d3e-000000000000",
    );

    expect(name).toBe("5-1795741200000-12-0198c1f2-7a3b-7c11-9d3e-000000000000.ndjson.gz");
    expect(readRawName(name)).toEqual({ name, firstMs: 5, lastMs: 1_795_741_200_000, lines: 12 });
  });

  it.each(["manifest.json", "1-2-3.ndjson.gz", "-1-2-3-0198c1f2-7a3b-7c11-9d3e-000000000000.ndjson.gz"])(
    "takes no other name for a raw object's: %s",
    (name) => {
      expect(readRawName(name)).toBeUndefined();
    },
  );
});

describe("formatOffset", () => {
  it("makes text that can be read back", () => {
    const offset = { span: "2026-11-27-01-00", segment: 2, line: 1234 };

    expect(formatOffset(offset)).toBe("2026-11-27-01-00/2/1234");
    expect(parseOffset("2026-11-27-01-00/2/1234")).toEqual(offset);
  });

  it.each([
    "",
    "2026-11-27-01-00",
    "2026-11-27-01-00/0",
    "2026-11-27-01-00/0/-1",
    "2026-11-99-01-00/0/1",
    "1/0/1",
  ])("takes no other text for an offset: %s", (text) => {
    expect(parseOffset(text)).toBeUndefined();
  });
});

describe("segmentsOf", () => {
  it.each([
    [{ spanMs: 90_000 }, "an archived span of 90000 ms cannot be named"],
    [{ spanMs: 0 }, "an archived span of 0 ms cannot be named"],
    [{ graceMs: 0 }, "graceMs is 0"],
    [{ grainMs: 0.5 }, "grainMs is 0.5"],
    [{ reachMs: Number.POSITIVE_INFINITY }, "reachMs is Infinity"],
  ])("refuses %j", (options, message) => {
    expect(() => notebook(options)).toThrow(message);
  });

  it("keeps digests for five minutes, or for a span that is shorter", () => {
    expect(notebook().segments.grainMs).toBe(300_000);
    expect(notebook({ spanMs: 60_000 }).segments.grainMs).toBe(60_000);
  });
});
