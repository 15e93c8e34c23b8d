import { segmentKey, sidecarKey } from "./keys.ts";
import {
  type Manifest,
  readManifest,
  type SealedSpan,
  type StoredManifest,
  swapManifest,
} from "./manifest.ts";
import { newLines } from "./new-lines.ts";
import { onceIn } from "./once.ts";
import { listRaw } from "./raw-objects.ts";
import { type FinishedSegment, segmentWriter } from "./segment-writer.ts";
import type { Segments } from "./segments.ts";
import { spanStartMs } from "./span.ts";
import { writeSymlink } from "./symlink.ts";

export interface SealOptions {
  /** The other sealed spans within reach, before this one and after it: what is in them is not sealed again. */
  readonly others: readonly SealedSpan[];
  /** Asked now and then, and right before readers are shown what was sealed: throws to give it up, and nothing is changed. */
  readonly proceed?: () => Promise<void>;
}

export type SealResult =
  /** `lines`, `duplicates` and `segments` of this time, not of the whole span. */
  | {
      readonly status: "sealed";
      readonly lines: number;
      readonly duplicates: number;
      readonly segments: number;
      readonly stored: StoredManifest;
    }
  /** Every raw object of the span is in its segments already. */
  | { readonly status: "nothing"; readonly stored: StoredManifest | undefined }
  /** Another one has sealed it meanwhile: its segments count, these do not. */
  | { readonly status: "overtaken" };

/**
 * Seals what is not sealed yet of a span that is closed: merges its raw objects, leaves out what was told twice, writes segments
 * with their sidecars, and swaps the manifest. Raw objects that turn up afterwards are sealed as further segments by the next
 * call: offsets never move.
 *
 * Canonical: the same raw objects give the same bytes. Killed anywhere, nothing that readers see has changed, and the next
 * call goes on. Safe, if wasteful, when several do it at once. Memory does not grow with the span but for some twenty bytes a
 * line. Throws `SegmentError` for raw objects that cannot be read.
 */
export async function sealSpan(segments: Segments, span: string, options: SealOptions): Promise<SealResult> {
  const { kind, grainMs, spanMs } = segments;
  const { others, proceed = async () => {} } = options;
  const before = await readManifest(segments, span);
  const sealed = new Set(before?.manifest.inputs);
  const raws = (await listRaw(segments, span)).filter(({ name }) => !sealed.has(name));
  if (raws.length === 0) {
    if (before) await writeSymlink(segments, span);
    return { status: "nothing", stored: before };
  }

  const fromMs = spanStartMs(span) ?? 0;
  const once = await onceIn(segments, fromMs, before ? [...others, before.manifest] : others);
  const writer = segmentWriter({ kind: kind.name, grainMs });
  const written: FinishedSegment["sidecar"][] = [];
  let duplicates = 0;
  const write = async (finished: Promise<FinishedSegment> | undefined) => {
    if (!finished) return;
    const { body, sidecar } = await finished;
    await segments.store.put(segmentKey(kind, span, sidecar.segment), body);
    const text = Buffer.from(`${JSON.stringify(sidecar)}\n`);
    await segments.store.put(sidecarKey(kind, span, sidecar.segment), text);
    written.push(sidecar);
  };

  for await (const batch of newLines(segments, span, raws, once)) {
    duplicates += batch.duplicates;
    for (const line of batch.lines) {
      const full = writer.add(line);
      if (full) await write(full);
    }
    await writer.ready();
    await proceed();
  }
  await write(writer.finish());

  const manifest: Manifest = {
    v: 1,
    kind: kind.name,
    span,
    fromMs,
    toMs: fromMs + spanMs,
    segments: [
      ...(before?.manifest.segments ?? []),
      ...written.map(({ segment: name, lines, bytes, fromMs, toMs }) => ({
        name,
        lines,
        bytes,
        fromMs,
        toMs,
      })),
    ],
    inputs: [...sealed, ...raws.map(({ name }) => name)].sort(),
    duplicates: (before?.manifest.duplicates ?? 0) + duplicates,
  };
  await proceed();
  const swapped = await swapManifest(segments, manifest, before);
  if (swapped.status === "refused") return { status: "overtaken" };
  await writeSymlink(segments, span);
  return {
    status: "sealed",
    lines: written.reduce((sum, { lines }) => sum + lines, 0),
    duplicates,
    segments: written.length,
    stored: { manifest, etag: swapped.etag },
  };
}
