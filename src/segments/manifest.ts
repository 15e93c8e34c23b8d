import { SegmentError } from "../errors.ts";
import { manifestKey } from "./keys.ts";
import type { PutResult } from "./ports.ts";
import type { Segments } from "./segments.ts";
import { parseVersioned } from "./sidecar.ts";

/** What counts of a sealed span: readers look here and nowhere else. Segments are only ever appended. Version 1. */
export interface Manifest {
  readonly v: 1;
  /** The kind's name. */
  readonly kind: string;
  readonly span: string;
  /** When the span began and ended, by the writers' clocks. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly segments: readonly ManifestSegment[];
  /** Names of the raw objects that are in the segments. */
  readonly inputs: readonly string[];
  /** Lines that were told more than once. */
  readonly duplicates: number;
}

export interface ManifestSegment {
  readonly name: string;
  readonly lines: number;
  /** Unpacked. */
  readonly bytes: number;
  /** Effective times of its lines, the ends included. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What finding a line again takes to know of a sealed span. */
export type SealedSpan = Pick<Manifest, "span" | "fromMs" | "segments">;

/** A manifest as it was read, with what it takes to replace this very one. */
export interface StoredManifest {
  readonly manifest: Manifest;
  readonly etag: string;
}

/** The manifest of a span; `undefined` where it is not sealed. Throws `SegmentError` (`bad-manifest`). */
export async function readManifest(
  { store, kind }: Segments,
  span: string,
): Promise<StoredManifest | undefined> {
  const key = manifestKey(kind, span);
  const found = await store.get(key);
  if (!found) return undefined;
  const manifest = parseVersioned(found.body, "bad-manifest", key) as unknown as Manifest;
  if (!Array.isArray(manifest.segments) || !Array.isArray(manifest.inputs)) {
    throw new SegmentError("bad-manifest", `${key} has no segments or no inputs: it is no manifest`);
  }
  return { manifest, etag: found.etag };
}

/** Puts a manifest in the place of the one that was read, or of none: the moment from which readers see it. */
export function swapManifest(
  { store, kind }: Segments,
  manifest: Manifest,
  before: StoredManifest | undefined,
): Promise<PutResult> {
  const body = Buffer.from(`${JSON.stringify(manifest)}\n`);
  const condition = before ? { ifMatch: before.etag } : { ifAbsent: true };
  return store.put(manifestKey(kind, manifest.span), body, condition);
}
