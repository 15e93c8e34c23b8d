import { listSpans } from "./list-spans.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import type { Offset } from "./offset.ts";
import type { Segments } from "./segments.ts";
import { spanStartMs } from "./span.ts";

/** A queue keeps a message no longer than that, so nothing is archived later after its time. */
const longestLateMs = 14 * 86_400_000;

/** A span that may hold what is asked for. */
export interface ReadSpan {
  readonly span: string;
  readonly startMs: number;
  /** `undefined` where it is not sealed. */
  readonly manifest: Manifest | undefined;
}

/** The spans that may hold lines from an offset on, or of some effective times (before `toMs`), in order. */
export async function* readSpans(
  segments: Segments,
  {
    from,
    fromMs = 0,
    toMs = Number.POSITIVE_INFINITY,
  }: { readonly from?: Offset | undefined; readonly fromMs?: number; readonly toMs?: number },
): AsyncGenerator<ReadSpan> {
  const { reachMs, spanMs } = segments;
  const beginMs = Math.max(from ? (spanStartMs(from.span) ?? 0) : 0, fromMs - reachMs - spanMs);
  for await (const span of listSpans(segments, { fromMs: beginMs })) {
    const startMs = spanStartMs(span) ?? 0;
    if (startMs > toMs + longestLateMs) return;
    yield { span, startMs, manifest: (await readManifest(segments, span))?.manifest };
  }
}
