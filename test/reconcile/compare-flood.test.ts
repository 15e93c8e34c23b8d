import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";

/** In a process of its own, whose heap may not grow beyond 64 MB. */
async function compareFlood(count: number) {
  const script = join(import.meta.dirname, "compare-flood.ts");
  const words = ["--max-old-space-size=64", script, String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return JSON.parse(stdout) as { found: readonly string[]; items: number; peakMb: number };
}

describe("comparing books with a million keys in one span", () => {
  it("finds each difference, names no other key, reads a few entries, and takes little memory", async () => {
    const { found, items, peakMb } = await compareFlood(1_000_000);

    const places = Array.from({ length: 20 }, (_, nth) => nth * 50_000);
    expect(found).toEqual(
      places
        .flatMap((place) => [`missing-right transfer-${place + 7}`, `mismatch transfer-${place + 8}`])
        .sort(),
    );
    // Of each difference: the leaf on both sides, at most eight entries each, and what is looked up.
    expect(items).toBeLessThanOrEqual(40 * (8 + 8 + 2));
    expect(peakMb).toBeLessThan(64);
  }, 120_000);
});
