import { uuidv7 } from "../clock.ts";
import { packMember } from "./gzip-members.ts";
import { spanPrefix } from "./keys.ts";
import { compareLines, type PlacedLine } from "./line.ts";
import { lineBuffer } from "./line-buffer.ts";
import { rawName } from "./raw-name.ts";
import type { Segments } from "./segments.ts";
import { spanAt } from "./span.ts";

/** What a reader unpacks at a time. */
const blockBytes = 64 * 1024;
/** A raw object lives for days: the writer's time is worth more than its size. */
const level = 1;

/** A line to be written, and for one that stands for several the last of their times. */
export type RawLine = PlacedLine & { readonly lastMs?: number };

/**
 * Writes lines as one raw object into the span of this moment, and answers its key. At least once: a call that throws may have
 * written them, and its caller writes them again. Gives up after half of the grace that the span has, so that no object appears in
 * a span that is closed.
 */
export async function writeRaw(segments: Segments, lines: readonly RawLine[]): Promise<string | undefined> {
  const { store, kind, clock, spanMs, graceMs } = segments;
  const sorted = [...lines].sort(compareLines);
  const [first] = sorted;
  if (!first) return undefined;
  const buffer = lineBuffer(blockBytes);
  const members: Promise<Buffer>[] = [];
  let lastMs = 0;
  for (const line of sorted) {
    lastMs = Math.max(lastMs, line.lastMs ?? line.timeMs);
    buffer.add(line.bytes);
    if (buffer.size >= blockBytes) members.push(packMember(buffer.take(), level));
  }
  if (buffer.size > 0) members.push(packMember(buffer.take(), level));
  const body = Buffer.concat(await Promise.all(members));
  const name = rawName({ firstMs: first.timeMs, lastMs, lines: sorted.length }, uuidv7(clock));
  // The span is that of the moment of writing: an earlier look at the clock might be of a span that closes meanwhile.
  const key = spanPrefix("raw", kind, spanAt(clock.nowMs(), spanMs)) + name;
  await store.put(key, body, { patienceMs: graceMs / 2 });
  return key;
}
