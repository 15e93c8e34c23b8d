import { SegmentError } from "../errors.ts";

/** What a segment holds, beside it: enough to answer by digests, and to fetch any block alone. Version 1. */
export interface Sidecar {
  readonly v: 1;
  /** The kind's name. */
  readonly kind: string;
  /** The segment's name: the first 32 hex characters of SHA-256 of its bytes. */
  readonly segment: string;
  readonly lines: number;
  /** Of its lines with their line feeds, unpacked. */
  readonly bytes: number;
  /** Effective times of its lines, the ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly grainMs: number;
  /** In the order of the segment, one behind the other. */
  readonly blocks: readonly Block[];
  /** How many lines of each type; without those that are no events. */
  readonly types: Readonly<Record<string, number>>;
  /** Digests by what filters look at. Left out where there are too many of them: then the blocks must be read. */
  readonly sets?: readonly SetDigests[];
  /** Lines whose effective time is not their own. */
  readonly odd: number;
}

/** One gzip member of a segment. All its lines belong to one grain. */
export interface Block {
  /** Its bytes in the segment, packed. */
  readonly offset: number;
  readonly length: number;
  /** The number of its first line in the segment, from 0. */
  readonly line: number;
  readonly lines: number;
  /** Unpacked. */
  readonly bytes: number;
  /** `floor(timeMs / grainMs)` of each of its lines. */
  readonly grain: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The entries of a segment that no filter could tell apart. */
export interface SetDigests {
  /** Of the archive `{ topic, attributes }`, of the journal `{ consumer }`. */
  readonly set: unknown;
  /** Per grain: its number, how many entries, and their sum (`Digest`). */
  readonly digests: readonly (readonly [grain: number, count: number, sum: string])[];
}

/** Reads a sidecar. Throws `SegmentError` (`bad-sidecar`) for what is none, or one of another version. */
export function readSidecar(body: Buffer, key: string): Sidecar {
  const value = parseVersioned(body, "bad-sidecar", key) as unknown as Sidecar;
  if (Array.isArray(value.blocks)) return value;
  throw new SegmentError("bad-sidecar", `${key} has no blocks: it is no sidecar`);
}

/** JSON of version 1, or a `SegmentError` with this code. */
export function parseVersioned(body: Buffer, code: string, key: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch (cause) {
    throw new SegmentError(code, `${key} is not JSON`, { cause });
  }
  const { v } = (value ?? {}) as { v?: unknown };
  if (v === 1) return value as Readonly<Record<string, unknown>>;
  throw new SegmentError(
    code,
    `${key} has the version ${JSON.stringify(v)}; 1 is known: read it with a later omnibus-aws`,
  );
}
