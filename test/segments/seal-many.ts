import { type InMemoryObjects, sealSpan, writeRaw } from "../../src/segments/index.ts";
import { beginMs, hourMs, line, notebook } from "./notes.ts";

/**
 * A program of its own: seals so many notes, and prints what it took. `mixed`: every raw object has notes of the whole hour, so
 * that all of them overlap.
 */
const [countText, mixed] = process.argv.slice(2);
const count = Number(countText);
const each = 2_000;
const { segments, store } = notebook();
const { objects } = store as InMemoryObjects;

const noteOf = (number: number) => {
  const place = mixed === "mixed" ? (number * 7_919) % count : number;
  const id = `0198c1f2-7a3b-7c11-9d3e-${String(place).padStart(12, "0")}`;
  return line({
    id,
    timeMs: beginMs + Math.floor((place * hourMs) / count),
    text: `some text of a note, ${id}`.repeat(6),
  });
};
let raws = 0;
for (let at = 0; at < count; at += each, raws++) {
  await writeRaw(
    segments,
    Array.from({ length: each }, (_, index) => noteOf(at + index)),
  );
}

/** Beside what lies in the store, which is this process's memory too. */
const besideMb = () => {
  let kept = 0;
  for (const { body } of objects.values()) kept += body.length;
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return (arrayBuffers + heapUsed - kept) / 2 ** 20;
};
let peakMb = 0;
let asked = 0;
const startedMs = performance.now();
const result = await sealSpan(segments, "2026-11-27-01-00", {
  others: [],
  proceed: async () => {
    if (asked++ % 16 === 0) peakMb = Math.max(peakMb, besideMb());
  },
});
const ms = performance.now() - startedMs;
console.log(
  JSON.stringify({ ...result, stored: undefined, raws, peakMb: Math.round(peakMb), ms: Math.round(ms) }),
);
