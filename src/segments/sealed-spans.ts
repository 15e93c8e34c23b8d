import { spansOn } from "./list-spans.ts";
import { type Manifest, readManifest, type SealedSpan } from "./manifest.ts";
import type { Segments } from "./segments.ts";
import { spanStartMs } from "./span.ts";

/** A sealed span, and how many raw objects went into it. */
export type RememberedSpan = SealedSpan & { readonly inputs: number };

/** Sealed spans that were looked at: sealing and reading ask for the same ones over and over, and they hardly ever change. */
export interface SealedSpans {
  /** As it was when last looked at. */
  get(span: string): RememberedSpan | undefined;
  /** Looks at its manifest, now. `undefined`: it is not sealed. */
  look(span: string): Promise<RememberedSpan | undefined>;
  /** What somebody else has just read or written. */
  remember(manifest: Manifest): RememberedSpan;
  /** Every sealed span within `reachMs` of a moment; those not known yet are looked at. */
  around(timeMs: number): Promise<readonly RememberedSpan[]>;
  /** Forgets what begins before a moment. */
  forgetBefore(timeMs: number): void;
}

/** Makes a `SealedSpans` that knows nothing yet. */
export function sealedSpans(segments: Segments): SealedSpans {
  const known = new Map<string, RememberedSpan>();
  const remember = ({ span, fromMs, inputs, segments: named }: Manifest): RememberedSpan => {
    const one = { span, fromMs, segments: named, inputs: inputs.length };
    known.set(span, one);
    return one;
  };
  const look = async (span: string) => {
    const found = await readManifest(segments, span);
    return found && remember(found.manifest);
  };

  return {
    get: (span) => known.get(span),
    look,
    remember,
    async around(timeMs) {
      const found: RememberedSpan[] = [];
      for await (const span of spansOn("sealed", segments, timeMs - segments.reachMs)) {
        if ((spanStartMs(span) ?? 0) > timeMs + segments.reachMs) break;
        const one = known.get(span) ?? (await look(span));
        if (one) found.push(one);
      }
      return found;
    },
    forgetBefore(timeMs) {
      for (const { span, fromMs } of known.values()) if (fromMs < timeMs) known.delete(span);
    },
  };
}
