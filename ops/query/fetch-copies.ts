import { linkSync } from "node:fs";
import { appendFile, copyFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip, zstdCompress } from "node:zlib";
import { OmnibusError } from "../../src/errors.ts";
import { readRaw, readSegment, type Segments, splitLines } from "../../src/segments/index.ts";
import { sideBySide } from "../side-by-side.ts";
import type { CopyCache } from "./copy-cache.ts";
import { localLines } from "./local-lines.ts";
import type { NeededSegment, NeededSpan } from "./needed-spans.ts";

/** How far fetching is. Bytes of raw objects are not known before: they count as objects alone. */
export interface FetchProgress {
  readonly objects: number;
  readonly allObjects: number;
  /** Of those, segments that were at hand. */
  readonly cached: number;
  /** As they came, packed. */
  readonly fetchedBytes: number;
}

/** Each of them is in memory, packed and unpacked. */
const copiesAtOnce = 4;
const objectsAtOnce = 8;
/** A segment holds 32 MiB of lines, a raw object a batch; one that unpacks to more is damaged, or a bomb. */
const maxUnpackedBytes = 512 * 1024 * 1024;
/** Quick; a copy is read soon, and not for long. */
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const unpack = promisify(gunzip);
const pack = promisify(zstdCompress);

/**
 * Makes local copies of what spans hold, in `folder`, and answers their paths: lines as `localLines` makes them, each event a line of
 * its own. Segments come from the cache where they are in it, and go there where they were not.
 *
 * Throws `OmnibusError` (`interrupted`) when `signal` aborts; `SegmentError` for objects that are damaged or gone.
 */
export async function fetchCopies({
  segments,
  spans,
  folder,
  cache,
  signal,
  onProgress = () => {},
}: {
  readonly segments: Segments;
  readonly spans: readonly NeededSpan[];
  /** There already, and this query's alone. */
  readonly folder: string;
  readonly cache?: CopyCache | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: FetchProgress) => void;
}): Promise<readonly string[]> {
  const { kind } = segments;
  const allObjects = spans.reduce((sum, one) => sum + one.segments.length + one.raws.length, 0);
  let [objects, cached, fetchedBytes] = [0, 0, 0];
  const step = (bytes: number | undefined) => {
    if (signal?.aborted) throw new OmnibusError("interrupted", "fetching was ended");
    objects++;
    if (bytes === undefined) cached++;
    fetchedBytes += bytes ?? 0;
    onProgress({ objects, allObjects, cached, fetchedBytes });
  };

  const copySegment = async (span: string, { name, ordinal }: NeededSegment): Promise<string> => {
    const file = `${kind.name}-${span}-${ordinal}-${name}.ndjson.zst`;
    const path = join(folder, file);
    if (cache?.has(file)) {
      await linkOrCopy(cache.pathOf(file), path);
      step(undefined);
      return path;
    }
    const body = await readSegment(segments, span, name);
    const lines = await unpack(body, { maxOutputLength: maxUnpackedBytes });
    await writeFile(path, await pack(localLines(lines, { span, offset: { segment: ordinal } }), level), {
      mode: 0o600,
    });
    if (cache) await keep(path, cache.pathOf(file));
    step(body.length);
    return path;
  };
  const copyRaws = async ({ span, raws }: NeededSpan): Promise<string> => {
    const path = join(folder, `${kind.name}-${span}-open.ndjson.zst`);
    // One after the other, since zstd's frames, as gzip's members, may stand in a row.
    for (let at = 0; at < raws.length; at += objectsAtOnce) {
      const some = raws.slice(at, at + objectsAtOnce);
      const packed = await sideBySide(some, objectsAtOnce, async (raw) => {
        const body = await readRaw(segments, span, raw);
        const lines = expand(segments, await unpack(body, { maxOutputLength: maxUnpackedBytes }));
        const made = await pack(localLines(lines, { span }), level);
        step(body.length);
        return made;
      });
      await appendFile(path, Buffer.concat(packed), { mode: 0o600 });
    }
    return path;
  };

  const works = spans.flatMap((needed) => [
    ...needed.segments.map((segment) => () => copySegment(needed.span, segment)),
    ...(needed.raws.length === 0 ? [] : [() => copyRaws(needed)]),
  ]);
  return sideBySide(works, copiesAtOnce, (work) => work());
}

/** Each line that stands for several as these; untouched where there is none. */
function expand({ kind }: Segments, lines: Buffer): Buffer {
  if (!lines.includes('"packed":')) return lines;
  const parts = splitLines(lines).flatMap((bytes) => {
    const line = kind.parse(bytes);
    return (line.expand?.() ?? [line]).flatMap((one) => [one.bytes, lineEnd]);
  });
  return Buffer.concat(parts);
}

const lineEnd = Buffer.from("\n");

/** A link costs nothing, and what is linked can be removed from the cache meanwhile. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    linkSync(from, to);
  } catch {
    await copyFile(from, to);
  }
}

/** In one step, so that nobody finds half a copy. A cache that is full, or not to be written to, is no reason to fail. */
async function keep(path: string, cached: string): Promise<void> {
  const half = `${cached}.${process.pid}`;
  try {
    await linkOrCopy(path, half);
    await rename(half, cached);
  } catch {
    // Fetched again the next time.
  }
}
