import { gzipSync } from "node:zlib";
import { virtualClock } from "../../local/testing/index.ts";
import { archiveKind, formatArchiveLine } from "../../src/archive/index.ts";
import {
  type ObjectStore,
  readPages,
  type Segments,
  segmentsOf,
  spanName,
  spanStartMs,
} from "../../src/segments/index.ts";

const hourMs = 3_600_000;
const days = 30;
const spans = days * 24;
const startMs = Date.UTC(2026, 9, 28);
/** As sealing cuts them: 32 MiB and 256 KiB unpacked, at some 780 bytes a line. */
const linesPerBlock = 336;
const blocksPerSegment = 128;

export interface Seek {
  readonly gets: number;
  readonly lists: number;
  /** Effective time of the first line that was found, and of the one that was asked for. */
  readonly foundMs: number;
  readonly askedMs: number;
}

/**
 * An archive of a thousand million events in thirty days that is made up as it is read: an hour's manifest, sidecars and blocks as sealing
 * would have left them, each line at its time. Counts what is asked of the store.
 */
export function simulatedArchive(events = 1e9): {
  readonly archive: Segments;
  readonly counts: { gets: number; lists: number };
} {
  const counts = { gets: 0, lists: 0 };
  const perSpan = events / spans;
  const segmentsPerSpan = Math.ceil(perSpan / (linesPerBlock * blocksPerSegment));
  const blocksPerSpan = segmentsPerSpan * blocksPerSegment;
  const fromOf = (block: number) => Math.floor((block * hourMs) / blocksPerSpan);
  const textOf = (body: string) => ({ body: Buffer.from(body), etag: "1" });
  const manifestOf = (span: string, beginMs: number) => ({
    v: 1,
    kind: "archive",
    span,
    fromMs: beginMs,
    toMs: beginMs + hourMs,
    segments: Array.from({ length: segmentsPerSpan }, (_, nth) => ({
      name: String(nth).padStart(32, "0"),
      lines: linesPerBlock * blocksPerSegment,
      bytes: 32 * 2 ** 20,
      fromMs: beginMs + fromOf(nth * blocksPerSegment),
      toMs: beginMs + fromOf((nth + 1) * blocksPerSegment) - 1,
    })),
    inputs: [],
    duplicates: 0,
  });
  const packed = (span: string, block: number) => {
    const fromMs = (spanStartMs(span) ?? 0) + fromOf(block);
    const lines = Array.from({ length: linesPerBlock }, (_, nth) => lineAt(fromMs, block, nth)).join("\n");
    return gzipSync(`${lines}\n`);
  };
  // All blocks of a segment are of one length here, so that a sidecar need not pack them: padded by their own size's field.
  const blockBytes = 64 * 1024;
  const sidecarOf = (span: string, segment: number) => ({
    v: 1,
    kind: "archive",
    segment: String(segment).padStart(32, "0"),
    lines: linesPerBlock * blocksPerSegment,
    bytes: 32 * 2 ** 20,
    fromMs: 0,
    toMs: 0,
    grainMs: 300_000,
    blocks: Array.from({ length: blocksPerSegment }, (_, nth) => {
      const block = segment * blocksPerSegment + nth;
      const beginMs = spanStartMs(span) ?? 0;
      return {
        offset: nth * blockBytes,
        length: blockBytes,
        line: nth * linesPerBlock,
        lines: linesPerBlock,
        bytes: 256 * 1024,
        grain: Math.floor((beginMs + fromOf(block)) / 300_000),
        fromMs: beginMs + fromOf(block),
        toMs: beginMs + fromOf(block + 1) - 1,
      };
    }),
    types: { "order.created": linesPerBlock * blocksPerSegment },
    odd: 0,
  });
  const no = () => Promise.reject(new Error("nothing is written here"));
  const store: ObjectStore = {
    async get(key, range) {
      counts.gets++;
      const [, span = "", file = ""] = /span=([^/]+)\/(.+)$/.exec(key) ?? [];
      if (file === "manifest.json") return textOf(JSON.stringify(manifestOf(span, spanStartMs(span) ?? 0)));
      const segment = Number(file.slice(0, 32));
      if (file.endsWith(".json")) return textOf(JSON.stringify(sidecarOf(span, segment)));
      const { offset = 0, length = 0 } = range ?? {};
      const body = Buffer.alloc(length);
      for (let at = 0; at < length; at += blockBytes) {
        packed(span, segment * blocksPerSegment + (offset + at) / blockBytes).copy(body, at);
      }
      return { body, etag: "1" };
    },
    async *folders(prefix, { after = "" } = {}) {
      counts.lists++;
      if (!prefix.startsWith("sealed/")) return;
      for (let nth = 0; nth < spans; nth++) {
        const folder = `span=${spanName(startMs + nth * hourMs)}`;
        if (folder > after) yield folder;
      }
    },
    async *list() {},
    put: no,
    delete: no,
    urlOf: (key) => key,
  };
  const clock = virtualClock({ startMs: startMs + days * 24 * hourMs });
  return { archive: segmentsOf({ store, kind: archiveKind, clock }), counts };
}

/** Begins to read at a time, at a place of chance in the archive, and stops at the first line that is not older. */
export async function seek(share: number, { whole = false } = {}): Promise<Seek> {
  const { archive, counts } = simulatedArchive();
  const askedMs = startMs + Math.floor(share * days * 24 * hourMs);
  const span = spanName(Math.floor(askedMs / hourMs) * hourMs);
  // What was published then was written then; `whole`: also what was late, or early, by a day.
  const pages = readPages(archive, {
    fromMs: askedMs,
    ...(whole ? {} : { from: { span, segment: 0, line: 0 } }),
  });
  for await (const page of pages) {
    if (!("block" in page)) continue;
    const first = page.bytes.toString("utf8", 9, 33);
    return { ...counts, foundMs: Date.parse(first), askedMs };
  }
  throw new Error(`nothing was found at ${new Date(askedMs).toISOString()}`);
}

function lineAt(timeMs: number, block: number, nth: number): string {
  const time = new Date(timeMs).toISOString();
  return formatArchiveLine({
    ...{ time, published: time, topic: "orders", type: "order.created", source: "/shop/web" },
    ...{ id: `${block}-${nth}`, messageId: `${block}-${nth}` },
    message: { MessageBody: `{"id":"${block}-${nth}"}` },
  });
}
