import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { compareLines, type Line, type Run } from "../../src/segments/index.ts";
import { mergeRuns } from "../../src/segments/merge-runs.ts";
import { lineReader } from "../../src/segments/run.ts";
import { overlapOf } from "../../src/segments/sweep-merge.ts";
import { beginMs, line, notes, packed } from "./notes.ts";

/** A run of sorted lines, in members of a few lines each. */
function runOf(lines: readonly Line[], counts?: { open: number; most: number }): Run {
  const sorted = [...lines].sort(compareLines);
  const members: Buffer[] = [];
  for (let at = 0; at < sorted.length; at += 3) {
    members.push(
      Buffer.from(
        sorted
          .slice(at, at + 3)
          .map(({ bytes }) => `${bytes}\n`)
          .join(""),
      ),
    );
  }
  const times = sorted.map(({ timeMs }) => timeMs);
  return {
    firstMs: Math.min(...times),
    lastMs: Math.max(...times),
    async open() {
      const left = [...members];
      const reader = lineReader(notes, () => left.shift(), "a run");
      if (!counts) return reader;
      counts.most = Math.max(counts.most, ++counts.open);
      return {
        next: () => {
          const next = reader.next();
          if (!next) counts.open--;
          return next;
        },
      };
    },
  };
}

async function merged(runs: readonly Run[], most?: number): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const lines of mergeRuns(runs, notes, most))
    found.push(...lines.map(({ identity }) => identity));
  return found;
}

const someNotes = fc.array(
  fc.record({
    id: fc.stringMatching(/^[a-e]{1,2}$/),
    timeMs: fc.integer({ min: beginMs, max: beginMs + 30 }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe("mergeRuns", () => {
  it("sorts whatever the runs are, in one sweep or by way of the disk", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someNotes, { maxLength: 9 }),
        fc.constantFrom(2, 3, 64),
        async (runs, most) => {
          const lines = runs.flat().map(line).sort(compareLines);

          expect(
            await merged(
              runs.map((run) => runOf(run.map(line))),
              most,
            ),
          ).toEqual(lines.map(({ identity }) => identity));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("opens a run when its time has come, and has no more open than overlap", async () => {
    const counts = { open: 0, most: 0 };
    const runs = Array.from({ length: 40 }, (_, run) =>
      runOf(
        Array.from({ length: 10 }, (_, index) =>
          line({ id: `${run}-${index}`, timeMs: beginMs + run * 10 + index * 2 }),
        ),
        counts,
      ),
    );

    expect((await merged(runs)).length).toBe(400);
    expect(overlapOf(runs)).toBe(2);
    // Beside those that overlap, those that are fetched ahead.
    expect(counts.most).toBeLessThanOrEqual(2 + 8);
  });

  it("never has more open than it may, however many overlap", async () => {
    const counts = { open: 0, most: 0 };
    const runs = Array.from({ length: 50 }, (_, run) =>
      runOf(
        [0, 1, 2, 3].map((index) => line({ id: `${run}-${index}`, timeMs: beginMs + index })),
        counts,
      ),
    );

    expect(overlapOf(runs)).toBe(50);
    expect((await merged(runs, 4)).length).toBe(200);
    expect(counts.most).toBe(4);
  });

  it("leaves nothing on the disk, also when a run cannot be read", async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("omnibus-seal-"));
    const bad: Run = { firstMs: beginMs, lastMs: beginMs, open: () => Promise.reject(new Error("gone")) };
    const runs = Array.from({ length: 9 }, (_, run) => runOf([line({ id: `${run}`, timeMs: beginMs })]));

    await expect(merged([...runs, bad], 2)).rejects.toThrow("gone");
    expect((await merged(runs, 2)).length).toBe(9);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith("omnibus-seal-"));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  it("puts the parts of a line that stands for several in their places", async () => {
    const at = (offsetMs: number) => beginMs + offsetMs;
    const lines = [
      packed([
        { id: "c", timeMs: at(30) },
        { id: "a", timeMs: at(10) },
        { id: "d", timeMs: at(40) },
      ]),
      packed([
        { id: "b", timeMs: at(20) },
        { id: "e", timeMs: at(90) },
      ]),
      line({ id: "bb", timeMs: at(20) }),
      line({ id: "z", timeMs: at(40) }),
    ];

    expect(await merged([runOf(lines)])).toEqual(["a", "b", "bb", "c", "d", "z", "e"]);
  });

  it("names a run that is not sorted, and what stands wrong in it", async () => {
    const text = [line({ id: "late", timeMs: beginMs + 1 }), line({ id: "early", timeMs: beginMs })];
    const bytes = Buffer.concat(text.flatMap((one) => [one.bytes, Buffer.from("\n")]));
    const members = [bytes];
    const open = async () => lineReader(notes, () => members.pop(), "raw/notes/x.gz");

    await expect(merged([{ firstMs: beginMs, lastMs: beginMs + 1, open }])).rejects.toThrow(
      'raw/notes/x.gz is not sorted: "early" of 2026-11-27T01:00:00.000Z stands behind "late"',
    );
  });
});
