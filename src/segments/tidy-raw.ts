import { spanPrefix } from "./keys.ts";
import { spansOn } from "./list-spans.ts";
import { readManifest } from "./manifest.ts";
import { listRaw } from "./raw-objects.ts";
import type { Segments } from "./segments.ts";
import { spanStartMs } from "./span.ts";

/**
 * Deletes raw objects of spans that ended more than `keepMs` ago, oldest first: those that a manifest names among what its
 * segments were made of, and no others. `proceed` is asked before each span, and throws to end it there. Answers how many
 * went.
 */
export async function tidyRaw(
  segments: Segments,
  { keepMs, proceed = async () => {} }: { readonly keepMs: number; readonly proceed?: () => Promise<void> },
): Promise<number> {
  const { store, kind, clock, spanMs } = segments;
  const beforeMs = clock.nowMs() - keepMs - spanMs;
  let deleted = 0;
  for await (const span of spansOn("raw", segments)) {
    if ((spanStartMs(span) ?? 0) > beforeMs) break;
    await proceed();
    const sealed = new Set((await readManifest(segments, span))?.manifest.inputs);
    const done = (await listRaw(segments, span)).filter(({ name }) => sealed.has(name));
    const prefix = spanPrefix("raw", kind, span);
    await store.delete(done.map(({ name }) => prefix + name));
    deleted += done.length;
  }
  return deleted;
}
