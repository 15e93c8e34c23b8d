import { kindPrefix, spanFolder, spanOfFolder, symlinkKey } from "./keys.ts";
import { readRawName } from "./raw-name.ts";
import type { Segments } from "./segments.ts";
import { spanName } from "./span.ts";

/** How many raw objects each span has, of those that begin then or later: one listing for all of them. */
export async function rawCounts(
  { store, kind }: Segments,
  fromMs: number,
): Promise<ReadonlyMap<string, number>> {
  const prefix = kindPrefix("raw", kind);
  const counts = new Map<string, number>();
  for await (const { key } of store.list(prefix, { after: prefix + spanFolder(spanName(fromMs)) })) {
    const [folder = "", name = ""] = key.slice(prefix.length).split("/");
    const span = spanOfFolder(folder);
    if (span !== undefined && readRawName(name)) counts.set(span, (counts.get(span) ?? 0) + 1);
  }
  return counts;
}

/** The spans that Athena is shown, and how many bytes of addresses. */
export async function shownSpans(
  { store, kind }: Segments,
  fromMs: number,
): Promise<ReadonlyMap<string, number>> {
  const prefix = kindPrefix("athena", kind);
  const found = new Map<string, number>();
  for await (const { key, bytes } of store.list(prefix, { after: prefix + spanFolder(spanName(fromMs)) })) {
    const span = spanOfFolder(key.slice(prefix.length).split("/")[0] ?? "");
    if (span !== undefined && key === symlinkKey(kind, span)) found.set(span, bytes);
  }
  return found;
}
