import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  inMemoryObjects,
  type ObjectStore,
  type Segments,
  spanSealer,
  writeRaw,
} from "../../src/segments/index.ts";
import { beginMs, clockAt, hourMs, line, notebook, sealAll, seen, watched } from "./notes.ts";

/** One thing that may happen. Notes are numbers: a note has the same time and bytes whenever it is told. */
type Step =
  /** Written; a writer that fails writes again: before its call was carried out, or behind it. */
  | { readonly do: "write"; readonly notes: readonly number[]; readonly fails: "no" | "before" | "behind" }
  /** Written by a clock that is hours behind: into a span that may be sealed. */
  | { readonly do: "stray"; readonly notes: readonly number[]; readonly hours: number }
  | { readonly do: "wait"; readonly minutes: number }
  /** Sealed by a process that is killed at a call; 0: it is not. */
  | { readonly do: "seal"; readonly killedAt: number };

const someNotes = fc.uniqueArray(fc.nat(25), { minLength: 1, maxLength: 6 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      arbitrary: fc.record({
        do: fc.constant("write" as const),
        notes: someNotes,
        fails: fc.constantFrom("no" as const, "before" as const, "behind" as const),
      }),
      weight: 4,
    },
    {
      arbitrary: fc.record({
        do: fc.constant("stray" as const),
        notes: someNotes,
        hours: fc.integer({ min: 1, max: 4 }),
      }),
      weight: 1,
    },
    {
      arbitrary: fc.record({
        do: fc.constant("wait" as const),
        minutes: fc.constantFrom(1, 10, 59, 60, 61, 130),
      }),
      weight: 3,
    },
    {
      arbitrary: fc.record({
        do: fc.constant("seal" as const),
        killedAt: fc.oneof(fc.constant(0), fc.nat(40)),
      }),
      weight: 3,
    },
  ),
  { minLength: 4, maxLength: 25 },
);

/** Each note's own time: spread over some hours, whenever it is told. */
const noteOf = (number: number) =>
  line({ id: `n${number}`, timeMs: beginMs + number * 487_000, text: "x".repeat(number) });

async function run(all: readonly Step[]): Promise<void> {
  const clock = clockAt(beginMs);
  const store = inMemoryObjects();
  const at = (other: ObjectStore, startMs?: number): Segments =>
    notebook({ store: other, clock: startMs === undefined ? clock : clockAt(startMs) }).segments;
  const segments = at(store);
  const written = new Set<string>();
  const places = new Map<string, string>();

  const look = async () => {
    const found = await seen(segments);
    const ids = found.map((one) => one.split(" @ ")[0] ?? "");
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(written).toContain(id);
    const sealed = new Map(
      found.filter((one) => one.includes("@")).map((one) => one.split(" @ ").reverse() as [string, string]),
    );
    for (const [offset, id] of places) expect([offset, sealed.get(offset)]).toEqual([offset, id]);
    for (const [offset, id] of sealed) places.set(offset, id);
    return ids;
  };
  const write = async (other: ObjectStore, notes: readonly number[], atMs?: number) => {
    for (const number of notes) written.add(`n${number}`);
    await writeRaw(at(other, atMs), notes.map(noteOf));
  };

  for (const step of all) {
    switch (step.do) {
      case "write": {
        const put: ObjectStore["put"] = async (key, body, options) => {
          if (step.fails === "behind") await store.put(key, body, options);
          throw new Error("no answer");
        };
        if (step.fails !== "no") await write({ ...store, put }, step.notes).catch(() => {});
        await write(store, step.notes);
        break;
      }
      case "stray":
        await write(store, step.notes, Math.max(beginMs, clock.nowMs() - step.hours * hourMs));
        break;
      case "wait":
        await clock.advance(step.minutes * 60_000);
        break;
      case "seal": {
        let calls = 0;
        const dying = watched(store, () => {
          if (++calls === step.killedAt || (step.killedAt > 0 && calls > step.killedAt))
            throw new Error("killed");
        });
        await sealAll(at(dying)).catch(() => {});
        break;
      }
    }
    await look();
  }
  await clock.advance(2 * hourMs);
  await sealAll(segments);
  expect(new Set(await look())).toEqual(written);
  expect(await spanSealer(segments).due()).toEqual([]);
}

describe("whatever is written, told again, sealed and killed, in whatever order", () => {
  it("readers see each line once, and an offset never becomes another line's", async () => {
    await fc.assert(fc.asyncProperty(steps, run), { numRuns: 150 });
  });
});
