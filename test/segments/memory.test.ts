import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";

/** In a process of its own, whose heap may not grow beyond 64 MB. */
async function sealMany(count: number, how: string) {
  const script = join(import.meta.dirname, "seal-many.ts");
  const words = ["--max-old-space-size=64", script, String(count), how];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return JSON.parse(stdout) as { status: string; lines: number; raws: number; peakMb: number };
}

describe("sealing many lines", () => {
  it.each([
    [300_000, "in order"],
    // More than may be open at once: merged on disk.
    [150_000, "mixed"],
  ])("takes little memory: %d lines in raw objects that are %s", async (count, how) => {
    const { peakMb, ...result } = await sealMany(count, how);

    expect(result).toMatchObject({ status: "sealed", lines: count, duplicates: 0, raws: count / 2_000 });
    expect(peakMb).toBeLessThan(128);
  });
});
