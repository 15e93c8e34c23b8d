import { segmentKey, symlinkKey } from "./keys.ts";
import { readManifest, type SealedSpan } from "./manifest.ts";
import type { Segments } from "./segments.ts";

/**
 * Writes what Athena reads of a span: its manifest's segments, one address a line (SymlinkTextInputFormat). Written last, so its
 * being there says that the span is sealed to the end.
 *
 * The manifest is read anew, and once more behind the write: of two that seal one span, the later manifest's addresses stay.
 */
export async function writeSymlink(segments: Segments, span: string): Promise<void> {
  const { store, kind } = segments;
  let found = await readManifest(segments, span);
  while (found) {
    const { etag, manifest } = found;
    await store.put(symlinkKey(kind, span), Buffer.from(symlinkText(segments, manifest)));
    found = await readManifest(segments, span);
    if (found?.etag === etag) return;
  }
}

/** The addresses of a sealed span's segments, one a line. */
export function symlinkText({ store, kind }: Segments, { span, segments }: SealedSpan): string {
  return segments.map(({ name }) => `${store.urlOf(segmentKey(kind, span, name))}\n`).join("");
}
