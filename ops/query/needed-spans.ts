import {
  listRaw,
  listSpans,
  type RawName,
  readManifest,
  type Segments,
  spanStartMs,
} from "../../src/segments/index.ts";
import { sideBySide } from "../side-by-side.ts";

/** What of a span has to be read: its segments where it is sealed, else its raw objects. */
export interface NeededSpan {
  readonly span: string;
  readonly segments: readonly NeededSegment[];
  readonly raws: readonly RawName[];
}

export interface NeededSegment {
  readonly name: string;
  /** Its place in the manifest. */
  readonly ordinal: number;
  readonly lines: number;
  /** Unpacked. */
  readonly bytes: number;
}

/** No span is longer. */
const longestSpanMs = 86_400_000;
const spansAtOnce = 16;

/** Finds the spans in which something was written from `fromMs` on and before `toMs`, in the order of time. */
export async function neededSpans(
  segments: Segments,
  { fromMs = 0, toMs = Number.POSITIVE_INFINITY }: { readonly fromMs?: number; readonly toMs?: number } = {},
): Promise<readonly NeededSpan[]> {
  const names: string[] = [];
  for await (const span of listSpans(segments, { fromMs: Math.max(0, fromMs - longestSpanMs) })) {
    if ((spanStartMs(span) ?? 0) >= toMs) break;
    names.push(span);
  }
  const found = await sideBySide(names, spansAtOnce, (span) => neededSpan(segments, span, fromMs));
  return found.filter((one) => one !== undefined);
}

async function neededSpan(segments: Segments, span: string, fromMs: number): Promise<NeededSpan | undefined> {
  const startMs = spanStartMs(span) ?? 0;
  const sealed = await readManifest(segments, span);
  const endMs = sealed?.manifest.toMs ?? startMs + segments.spanMs;
  if (endMs <= fromMs) return undefined;
  if (!sealed) return { span, segments: [], raws: await listRaw(segments, span) };
  const named = sealed.manifest.segments.map(({ name, lines, bytes }, ordinal) => ({
    ...{ name, ordinal, lines, bytes },
  }));
  return { span, segments: named, raws: [] };
}
