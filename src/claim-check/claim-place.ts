import { claimsPrefix } from "../names.ts";

/**
 * The key of data that is checked in: its day and its hash, `claims/2026-11-27/{hash}.json`. By the hash the same data lies
 * there once; by the day it is written anew on another one, and so never expires under an event that came later.
 */
export function claimKey(hash: string, nowMs: number): string {
  return `${claimsPrefix}${new Date(nowMs).toISOString().slice(0, 10)}/${hash}.json`;
}

/** `s3://{bucket}/{key}`. */
export function claimRef(bucket: string, key: string): string {
  return `s3://${bucket}/${key}`;
}

/** Where a reference points to. */
export interface ClaimPlace {
  readonly bucket: string;
  readonly key: string;
  /** When the day of the key began. */
  readonly dayMs: number;
}

const refPattern = /^s3:\/\/([a-z0-9.-]{3,63})\/(claims\/(\d{4}-\d{2}-\d{2})\/[0-9a-f]{64}\.json)$/;

/** Reads a reference as `claimRef` writes it; `undefined` for every other one. */
export function readClaimRef(ref: string): ClaimPlace | undefined {
  const [, bucket = "", key = "", day = ""] = refPattern.exec(ref) ?? [];
  const dayMs = Date.parse(day);
  return Number.isNaN(dayMs) ? undefined : { bucket, key, dayMs };
}
