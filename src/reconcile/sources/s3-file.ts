import type { S3Client } from "@aws-sdk/client-s3";
import { s3Objects } from "../../segments/index.ts";
import type { ByteFile } from "./byte-file.ts";
import { objectFile } from "./object-file.ts";

/**
 * An object in S3 as the `file` of a `fileSource`: streamed in ranges of 8 MB, read again when its ETag has changed, and
 * refused where it changes while it is read. Needs `s3:GetObject`; with `s3:ListBucket` a key that is not there is told
 * from one that may not be read.
 *
 * @example
 * const statement = fileSource({
 *   name: "bank-b", file: s3File({ bucket: "statements", key: "2026-11-27.csv" }), format: "csv",
 *   entryOf: ({ reference = "", booked = "", cents }) =>
 *     ({ key: reference, timeMs: Date.parse(booked), fields: { cents: Number(cents) } }),
 * });
 */
export function s3File({
  bucket,
  key,
  client,
}: {
  readonly bucket: string;
  readonly key: string;
  /** @default one of this environment */
  readonly client?: S3Client;
}): ByteFile {
  return objectFile({ store: s3Objects({ bucket, ...(client && { client }) }), key });
}
