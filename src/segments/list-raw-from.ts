import { kindPrefix, spanOfFolder, spanPrefix } from "./keys.ts";
import { type RawName, readRawName } from "./raw-name.ts";
import type { Segments } from "./segments.ts";

/** A raw object, and the span it lies in. */
export interface PlacedRaw {
  readonly span: string;
  readonly raw: RawName;
}

/**
 * The raw objects of a span whose lines begin at `firstMs` or later, and all of the spans behind it, in the order of their keys:
 * one listing, whatever lies before.
 */
export async function* listRawFrom(
  { store, kind }: Segments,
  { span, firstMs = 0 }: { readonly span: string; readonly firstMs?: number },
): AsyncGenerator<PlacedRaw> {
  const floor = kindPrefix("raw", kind);
  // Times of this century have 13 digits, so the order of names is the order of first times.
  const after = spanPrefix("raw", kind, span) + (firstMs > 0 ? String(firstMs) : "");
  for await (const { key } of store.list(floor, { after })) {
    const [folder = "", name = ""] = key.slice(floor.length).split("/");
    const found = spanOfFolder(folder);
    const raw = readRawName(name);
    if (found !== undefined && raw) yield { span: found, raw };
  }
}
