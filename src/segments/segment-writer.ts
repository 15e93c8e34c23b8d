import { hash } from "node:crypto";
import { packMember } from "./gzip-members.ts";
import type { Line } from "./line.ts";
import { lineBuffer } from "./line-buffer.ts";
import { setSums } from "./set-digests.ts";
import type { Block, Sidecar } from "./sidecar.ts";

/** A block is closed when it has this much, unpacked, and a segment likewise. */
const blockBytes = 256 * 1024;
const segmentBytes = 32 * 1024 * 1024;
/** Blocks that are packed at once. */
const packing = 4;
/** Segments are kept for years and read more than once: a little smaller for a little more time. */
const level = 3;

/** A segment, whole, as it will lie in the store. */
export interface FinishedSegment {
  readonly body: Buffer;
  readonly sidecar: Sidecar;
}

/** Takes sorted lines and makes segments of them. */
export interface SegmentWriter {
  /** Takes a line; answers a segment when one is full. */
  add(line: Line): Promise<FinishedSegment> | undefined;
  /** The last segment; `undefined` where no line is left for one. */
  finish(): Promise<FinishedSegment> | undefined;
  /** Resolves when few enough blocks wait for being packed: to be awaited between batches. */
  ready(): Promise<void>;
}

/** Makes a `SegmentWriter`. The same lines, the same segments, byte for byte: nothing else goes into them. */
export function segmentWriter({ kind, grainMs }: { kind: string; grainMs: number }): SegmentWriter {
  const buffer = lineBuffer(2 * blockBytes);
  let block = emptyBlock();
  let segment = emptySegment();

  const closeBlock = () => {
    const { packed, blocks } = segment;
    if (block.lines === 0) return;
    const bytes = buffer.size;
    blocks.push({ ...block, line: segment.lines, bytes });
    packed.push(packMember(buffer.take(), level));
    segment.lines += block.lines;
    segment.bytes += bytes;
    block = emptyBlock();
  };
  const closeSegment = (): Promise<FinishedSegment> | undefined => {
    closeBlock();
    const full = segment;
    segment = emptySegment();
    return full.lines === 0 ? undefined : assemble(full, kind, grainMs);
  };

  return {
    add(line) {
      const grain = Math.floor(line.timeMs / grainMs);
      if (grain !== block.grain) closeBlock();
      if (block.lines === 0) Object.assign(block, { grain, fromMs: line.timeMs });
      block.toMs = line.timeMs;
      block.lines++;
      buffer.add(line.bytes);
      const { types, sets } = segment;
      if (line.type !== undefined) types.set(line.type, (types.get(line.type) ?? 0) + 1);
      if (line.odd) segment.odd++;
      sets.add(line, grain);
      if (buffer.size >= blockBytes) closeBlock();
      return segment.bytes + buffer.size >= segmentBytes ? closeSegment() : undefined;
    },
    finish: closeSegment,
    async ready() {
      await segment.packed.at(-packing);
    },
  };
}

function emptyBlock() {
  return { grain: Number.NaN, lines: 0, fromMs: 0, toMs: 0 };
}

function emptySegment() {
  return {
    lines: 0,
    bytes: 0,
    odd: 0,
    blocks: [] as Omit<Block, "offset" | "length">[],
    packed: [] as Promise<Buffer>[],
    types: new Map<string, number>(),
    sets: setSums(),
  };
}

async function assemble(
  { lines, bytes, odd, blocks, packed, types, sets }: ReturnType<typeof emptySegment>,
  kind: string,
  grainMs: number,
): Promise<FinishedSegment> {
  const members = await Promise.all(packed);
  const body = Buffer.concat(members);
  let offset = 0;
  const placed = blocks.map((block, index): Block => {
    const { length } = members[index] as Buffer;
    const { line, lines, bytes, grain, fromMs, toMs } = block;
    const at = offset;
    offset += length;
    return { offset: at, length, line, lines, bytes, grain, fromMs, toMs };
  });
  const digests = sets.digests();
  return {
    body,
    sidecar: {
      v: 1,
      kind,
      segment: hash("sha256", body, "hex").slice(0, 32),
      lines,
      bytes,
      fromMs: placed[0]?.fromMs ?? 0,
      toMs: placed.at(-1)?.toMs ?? 0,
      grainMs,
      blocks: placed,
      types: Object.fromEntries([...types].sort(([one], [other]) => (one < other ? -1 : 1))),
      ...(digests === undefined ? {} : { sets: digests }),
      odd,
    },
  };
}
