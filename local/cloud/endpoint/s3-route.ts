import type { IncomingMessage } from "node:http";
import type { ObjectAction } from "../engines/fauxqs-inside.ts";

/** What a request asks of S3; `unknown` names the part of S3 that is not here. */
export interface S3Route {
  readonly action: ObjectAction | "listObjects" | "listObjectsV2" | "unknown";
  readonly bucket: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Parts of a bucket or an object that S3 names by a bare word in the query, and that are not here. */
const notHere =
  /^(acl|accelerate|analytics|cors|encryption|intelligent-tiering|inventory|legal-hold|location|logging|metrics|notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|replication|requestPayment|restore|retention|select|tagging|torrent|versioning|versions|website)$/;

/** Reads bucket, key and action out of a request's head. The bucket may stand in the host's name or in the path. */
export function routeS3({ method = "GET", url = "/", headers }: IncomingMessage): S3Route {
  const [rawPath = "/", rawQuery = ""] = url.split("?", 2);
  const path = bucketOfHost(headers.host ?? "") + rawPath;
  const slash = path.indexOf("/", 1);
  const bucket = decodeURIComponent(slash < 0 ? path.slice(1) : path.slice(1, slash));
  const key = slash < 0 ? "" : decodeURIComponent(path.slice(slash + 1));
  const query = Object.fromEntries(new URLSearchParams(rawQuery));
  const unknown = Object.keys(query).some((name) => notHere.test(name));
  const action = unknown
    ? undefined
    : actionOf(method, { bucket, key, query }, headers["content-type"] ?? "");
  return { action: action ?? "unknown", bucket, key, query };
}

/** `bucket.localhost` is the bucket's own name; an address has no bucket in it. */
function bucketOfHost(host: string): string {
  const name = host.replace(/:\d+$/, "");
  return name.includes(".") && !/^[\d.]+$/.test(name) ? `/${name.slice(0, name.indexOf("."))}` : "";
}

function actionOf(
  method: string,
  { bucket, key, query }: Omit<S3Route, "action">,
  contentType: string,
): S3Route["action"] | undefined {
  if (bucket === "") return method === "GET" ? "listBuckets" : undefined;
  const isForm = contentType.startsWith("multipart/form-data");
  if (key === "") {
    const lifecycle = "lifecycle" in query;
    switch (method) {
      case "GET":
        if (lifecycle) return "getBucketLifecycleConfiguration";
        if ("uploads" in query) return undefined;
        return query["list-type"] === "2" ? "listObjectsV2" : "listObjects";
      case "HEAD":
        return "headBucket";
      case "PUT":
        return lifecycle ? "putBucketLifecycleConfiguration" : "createBucket";
      case "DELETE":
        return lifecycle ? "deleteBucketLifecycleConfiguration" : "deleteBucket";
      case "POST":
        return isForm ? "postObject" : "delete" in query ? "deleteObjects" : undefined;
      default:
        return undefined;
    }
  }
  switch (method) {
    case "GET":
      return "attributes" in query ? "getObjectAttributes" : "uploadId" in query ? undefined : "getObject";
    case "HEAD":
      return "headObject";
    case "PUT":
      return "uploadId" in query ? "uploadPart" : "putObject";
    case "DELETE":
      return "uploadId" in query ? "abortMultipartUpload" : "deleteObject";
    case "POST":
      if ("uploads" in query) return "createMultipartUpload";
      return "uploadId" in query ? "completeMultipartUpload" : undefined;
    default:
      return undefined;
  }
}
