import type { IncomingHttpHeaders } from "node:http";
import type { FauxqsObjects } from "../engines/fauxqs-inside.ts";
import { noSuchBucket, S3Refusal } from "./s3-error.ts";

/**
 * Throws S3's own refusal when a conditional write may not happen: `If-None-Match: *` where the object is there,
 * `If-Match` where it is another one. Ask it directly before the write, in the same turn. (conditional-writes)
 */
export function refuseConditionalWrite(
  headers: IncomingHttpHeaders,
  bucket: string,
  key: string,
  objects: FauxqsObjects,
): void {
  const ifNoneMatch = headers["if-none-match"];
  const ifMatch = headers["if-match"];
  if (ifNoneMatch === undefined && ifMatch === undefined) return;
  const found = objects.buckets.get(bucket);
  if (found === undefined) throw noSuchBucket(bucket);
  const present = found.get(key);
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*") {
      throw new S3Refusal(
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        501,
        { Header: "If-None-Match" },
      );
    }
    if (present !== undefined) throw preconditionFailed("If-None-Match");
  }
  if (ifMatch !== undefined) {
    if (present === undefined) {
      throw new S3Refusal("NoSuchKey", "The specified key does not exist.", 404, { Key: key });
    }
    if (ifMatch !== "*" && bare(ifMatch) !== bare(present.etag)) throw preconditionFailed("If-Match");
  }
}

function preconditionFailed(condition: string): S3Refusal {
  return new S3Refusal(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    412,
    { Condition: condition },
  );
}

/** An entity tag with or without its quotation marks. */
const bare = (etag: string) => etag.replace(/^"(.*)"$/, "$1");
