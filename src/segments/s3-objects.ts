import type { ListObjectsV2CommandOutput, S3Client } from "@aws-sdk/client-s3";
import { awsClient } from "../aws-client.ts";
import { type Clock, systemClock } from "../clock.ts";
import { OmnibusError } from "../errors.ts";
import { s3 as limits } from "../limits-of-aws.ts";
import type { ListOptions, ObjectStore } from "./ports.ts";

/** An `ObjectStore` in an S3 bucket. The SDK is loaded with the first call. */
export function s3Objects({
  bucket,
  client: given,
  region,
  callTimeoutMs,
  clock = systemClock,
}: {
  readonly bucket: string;
  /** @default the environment's */
  readonly region?: string | undefined;
  /** @default 10 s */
  readonly callTimeoutMs?: number;
  /** @default one of this environment */
  readonly client?: S3Client;
  readonly clock?: Clock;
}): ObjectStore {
  const sdk = () => import("./s3-sdk.ts");
  let made: S3Client | undefined = given;
  const client = async () => {
    made ??= awsClient((await sdk()).S3Client, {
      maxAttempts: 3,
      region,
      ...(callTimeoutMs === undefined ? {} : { callTimeoutMs }),
    });
    return made;
  };

  /** Page by page, as long as the caller goes on asking. */
  async function* pages(
    prefix: string,
    { after, limit = limits.listedKeys }: ListOptions,
    delimiter?: string,
  ): AsyncGenerator<ListObjectsV2CommandOutput> {
    const { ListObjectsV2Command } = await sdk();
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await (await client()).send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          MaxKeys: Math.min(limit, limits.listedKeys),
          ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
          ...(after === undefined ? {} : { StartAfter: after }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      yield page;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  return {
    async put(key, body, { ifAbsent = false, ifMatch, patienceMs } = {}) {
      const { PutObjectCommand } = await sdk();
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: contentTypeOf(key),
        ...(ifAbsent ? { IfNoneMatch: "*" } : {}),
        ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
      });
      const controller = new AbortController();
      const cancel = patienceMs === undefined ? undefined : clock.after(patienceMs, () => controller.abort());
      try {
        const { ETag } = await (await client()).send(command, { abortSignal: controller.signal });
        return { status: "stored", etag: ETag ?? "" };
      } catch (error) {
        if (isRefusal(error)) return { status: "refused" };
        if (!controller.signal.aborted) throw error;
        throw new OmnibusError(
          "object-not-stored",
          `${bucket} did not take ${key} (${body.length} bytes) within ${patienceMs} ms`,
          { retryable: true, cause: error },
        );
      } finally {
        cancel?.();
      }
    },
    async get(key, range) {
      const { GetObjectCommand } = await sdk();
      const Range = range && `bytes=${range.offset}-${range.offset + range.length - 1}`;
      try {
        const { Body, ETag = "" } = await (await client()).send(
          new GetObjectCommand({ Bucket: bucket, Key: key, ...(Range === undefined ? {} : { Range }) }),
        );
        const bytes = await Body?.transformToByteArray();
        const body = bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.alloc(0);
        return { body, etag: ETag };
      } catch (error) {
        if (isNamed(error, "NoSuchKey")) return undefined;
        if (range && isNamed(error, "InvalidRange")) return { body: Buffer.alloc(0), etag: "" };
        throw error;
      }
    },
    async *list(prefix, options = {}) {
      let left = options.limit ?? Number.POSITIVE_INFINITY;
      for await (const { Contents = [] } of pages(prefix, options)) {
        for (const { Key = "", Size = 0 } of Contents) {
          if (left-- <= 0) return;
          yield { key: Key, bytes: Size };
        }
        if (left <= 0) return;
      }
    },
    async *folders(prefix, { after } = {}) {
      // "0" is what follows "/": all that is in the folder lies before it.
      const options = after === undefined ? {} : { after: `${prefix}${after}0` };
      for await (const { CommonPrefixes = [] } of pages(prefix, options, "/")) {
        for (const { Prefix = "" } of CommonPrefixes) {
          if (after === undefined || Prefix > `${prefix}${after}/`) yield Prefix.slice(prefix.length, -1);
        }
      }
    },
    async delete(keys) {
      const { DeleteObjectsCommand } = await sdk();
      for (let at = 0; at < keys.length; at += limits.deletedKeys) {
        const Objects = keys.slice(at, at + limits.deletedKeys).map((Key) => ({ Key }));
        const { Errors: [first] = [] } = await (await client()).send(
          new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
        );
        if (first) {
          throw new OmnibusError(
            "object-not-deleted",
            `${bucket} did not delete ${first.Key} (${first.Code}: ${first.Message})`,
            { retryable: true },
          );
        }
      }
    },
    urlOf: (key) => `s3://${bucket}/${key}`,
  };
}

function contentTypeOf(key: string): string {
  if (key.endsWith(".json")) return "application/json";
  if (key.endsWith(".html")) return "text/html; charset=utf-8";
  return key.endsWith(".gz") ? "application/gzip" : "text/plain";
}

/** 412, or 409 where two conditional writes of one key met. (conditional-writes) */
function isRefusal(error: unknown): boolean {
  return isNamed(error, "PreconditionFailed") || isNamed(error, "ConditionalRequestConflict");
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
