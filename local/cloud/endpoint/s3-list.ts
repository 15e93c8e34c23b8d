import type { FauxqsObjects, StoredObject } from "../engines/fauxqs-inside.ts";
import { escapeXml } from "./answer.ts";
import { noSuchBucket } from "./s3-error.ts";

/** One page of a bucket's keys. */
interface Page {
  readonly objects: readonly StoredObject[];
  readonly prefixes: readonly string[];
  /** The last entry of the page, key or prefix, when more come after it. */
  readonly last: string | undefined;
}

const pageEntries = 1_000;

/**
 * `ListObjectsV2` and `ListObjects`, as XML. Ours, because fauxqs sorts keys as people do and compares them as machines
 * do, so that a page may begin after keys which no page has had; and because its pages cannot end with a prefix.
 */
export function listObjects(
  objects: FauxqsObjects,
  bucket: string,
  query: Readonly<Record<string, string>>,
): string {
  const stored = objects.buckets.get(bucket);
  if (stored === undefined) throw noSuchBucket(bucket);
  const isV2 = query["list-type"] === "2";
  const { prefix = "", delimiter = "" } = query;
  const token = isV2 ? query["continuation-token"] : undefined;
  const startAfter = isV2 ? query["start-after"] : query.marker;
  const after = token === undefined ? (startAfter ?? "") : Buffer.from(token, "base64").toString();
  const max = Math.min(Number(query["max-keys"] ?? pageEntries), pageEntries);
  const { objects: found, prefixes, last } = pageOf(stored.values(), { prefix, delimiter, after, max });

  const isUrl = query["encoding-type"] === "url";
  const text = (value: string) =>
    isUrl ? encodeURIComponent(value).replaceAll("%2F", "/") : escapeXml(value);
  const element = (name: string, value: string | number | boolean | undefined) =>
    value === undefined ? "" : `<${name}>${value}</${name}>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    element("Name", escapeXml(bucket)),
    element("Prefix", text(prefix)),
    delimiter === "" ? "" : element("Delimiter", text(delimiter)),
    element("MaxKeys", max),
    element("EncodingType", isUrl ? "url" : undefined),
    element("IsTruncated", last !== undefined),
    ...(isV2
      ? [
          element("KeyCount", found.length + prefixes.length),
          element("StartAfter", startAfter === undefined ? undefined : text(startAfter)),
          element("ContinuationToken", token),
          element("NextContinuationToken", last && Buffer.from(last).toString("base64")),
        ]
      : [element("Marker", text(startAfter ?? "")), element("NextMarker", last && text(last))]),
    ...found.map(
      ({ key, contentLength, etag, lastModified }) =>
        `<Contents><Key>${text(key)}</Key><LastModified>${lastModified.toISOString()}</LastModified><ETag>${escapeXml(etag)}</ETag><Size>${contentLength}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    ),
    ...prefixes.map((one) => `<CommonPrefixes><Prefix>${text(one)}</Prefix></CommonPrefixes>`),
    "</ListBucketResult>",
  ].join("");
}

function pageOf(
  stored: Iterable<StoredObject>,
  { prefix, delimiter, after, max }: { prefix: string; delimiter: string; after: string; max: number },
): Page {
  const isWanted = (key: string) =>
    // What a prefix that ended the page before stands for has been listed with it.
    key.startsWith(prefix) && key > after && !(delimiter !== "" && isRolledUp(after, key));
  const isRolledUp = (last: string, key: string) =>
    last.length > prefix.length && last.endsWith(delimiter) && key.startsWith(last);
  const wanted = [...stored].filter(({ key }) => isWanted(key));
  wanted.sort((a, b) => (a.key < b.key ? -1 : 1));

  const objects: StoredObject[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  for (const object of wanted) {
    const cut = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
    const rolled = cut < 0 ? undefined : object.key.slice(0, cut + delimiter.length);
    if (rolled !== undefined && rolled === prefixes.at(-1)) continue;
    if (objects.length + prefixes.length >= max) return { objects, prefixes, last };
    if (rolled === undefined) objects.push(object);
    else prefixes.push(rolled);
    last = rolled ?? object.key;
  }
  return { objects, prefixes, last: undefined };
}
