import { spansOn } from "./list-spans.ts";
import { type SealResult, sealSpan } from "./seal-span.ts";
import { type RememberedSpan, sealedSpans } from "./sealed-spans.ts";
import type { Segments } from "./segments.ts";
import { spanStartMs } from "./span.ts";
import { rawCounts, shownSpans } from "./span-counts.ts";
import { symlinkText } from "./symlink.ts";

/** Seals the spans of one kind. Keep it: it remembers what is sealed, so that looking again costs little. */
export interface SpanSealer {
  /**
   * The spans that are closed and have raw objects that are not sealed, oldest first: also those sealed within `reachMs` that
   * a raw object has turned up in since.
   */
  due(): Promise<readonly string[]>;
  /** Seals one of them, as `sealSpan` does. */
  seal(span: string, proceed?: () => Promise<void>): Promise<SealResult>;
}

/** Makes a `SpanSealer`. */
export function spanSealer(segments: Segments): SpanSealer {
  const { clock, graceMs, reachMs, spanMs } = segments;
  const sealed = sealedSpans(segments);

  return {
    async due() {
      const nowMs = clock.nowMs();
      const recentMs = Math.max(0, nowMs - reachMs - spanMs);
      const closed: string[] = [];
      for await (const span of spansOn("raw", segments)) {
        if (startOf(span) + spanMs + graceMs <= nowMs) closed.push(span);
      }
      const [oldest] = closed;
      if (oldest === undefined) return [];
      const shown = await shownSpans(segments, startOf(oldest));
      sealed.forgetBefore(Math.min(recentMs, startOf(oldest)) - reachMs);

      const counts = await rawCounts(segments, recentMs);
      const isWhole = (span: string, known: RememberedSpan | undefined): boolean =>
        known !== undefined &&
        (counts.get(span) ?? 0) <= known.inputs &&
        shown.get(span) === symlinkText(segments, known).length;
      const isDone = async (span: string): Promise<boolean> => {
        if (!shown.has(span)) return false;
        // Too long ago for any raw object to turn up.
        if (!counts.has(span)) return true;
        // What is known of it may be old: another may have sealed it since.
        return isWhole(span, sealed.get(span)) || isWhole(span, await sealed.look(span));
      };
      const due: string[] = [];
      for (const span of closed) if (!(await isDone(span))) due.push(span);
      return due;
    },
    async seal(span, proceed) {
      const around = await sealed.around(startOf(span));
      const others = around.filter((other) => other.span !== span);
      const result = await sealSpan(segments, span, { others, ...(proceed ? { proceed } : {}) });
      if (result.status !== "overtaken" && result.stored) sealed.remember(result.stored.manifest);
      else await sealed.look(span);
      return result;
    },
  };
}

function startOf(span: string): number {
  return spanStartMs(span) ?? 0;
}
