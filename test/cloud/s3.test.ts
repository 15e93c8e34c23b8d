import { mkdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();
let endpoint: EndpointProcess;
let clients: ReturnType<typeof awsClients>;
let s3: S3Client;

async function start(dataDir?: string): Promise<EndpointProcess> {
  return startEndpoint(
    { port: 0, region: "us-east-1", ...(dataDir === undefined ? {} : { dataDir }) },
    { answerLambda: async () => ({ status: 200, headers: {}, body: "{}" }), onExit: () => {} },
  );
}

beforeAll(async () => {
  endpoint = await start();
  clients = awsClients(`http://127.0.0.1:${endpoint.port}`);
  s3 = clients.s3;
});
afterAll(async () => {
  clients.destroy();
  await endpoint.stop();
});

const make = (Bucket: string) => s3.send(new CreateBucketCommand({ Bucket }));
const put = (Bucket: string, Key: string, Body: string | Buffer = "x", more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const textOf = async (Bucket: string, Key: string, more: object = {}) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
};
/** What became of each: its name when it was refused. */
const outcomes = async (calls: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map((one) =>
    one.status === "fulfilled" ? "taken" : (one.reason as Error).name,
  );

describe("a conditional write", () => {
  it("makes an object once, whoever else tries at the same time", async () => {
    await make("first-wins");

    const told = await outcomes(
      Array.from({ length: 20 }, (_, n) => put("first-wins", "k", `${n}`, { IfNoneMatch: "*" })),
    );

    expect(told.filter((one) => one === "taken")).toHaveLength(1);
    expect(told.filter((one) => one === "PreconditionFailed")).toHaveLength(19);
    expect(await textOf("first-wins", "k")).toBe(String(told.indexOf("taken")));
  });

  it("replaces an object only as it was read, and only one of many does", async () => {
    await make("as-read");
    const { ETag } = await put("as-read", "k", "old");

    const told = await outcomes(
      Array.from({ length: 10 }, (_, n) => put("as-read", "k", `${n}`, { IfMatch: ETag })),
    );

    expect(told.filter((one) => one === "taken")).toHaveLength(1);
    expect(told.filter((one) => one === "PreconditionFailed")).toHaveLength(9);
    const now = (await s3.send(new HeadObjectCommand({ Bucket: "as-read", Key: "k" }))).ETag;
    expect(now).not.toBe(ETag);
    await put("as-read", "k", "new", { IfMatch: now?.replaceAll('"', "") });
    expect(await textOf("as-read", "k")).toBe("new");
  });

  it("answers as AWS does for what is not there, and for what it does not know", async () => {
    await make("strange");

    const told = await outcomes([
      put("strange", "absent", "x", { IfMatch: '"0"' }),
      put("strange", "absent", "x", { IfNoneMatch: '"0"' }),
      put("no-bucket", "k", "x", { IfNoneMatch: "*" }),
    ]);

    expect(told).toEqual(["NoSuchKey", "NotImplemented", "NoSuchBucket"]);
    await expect(put("strange", "k", "x", { IfMatch: '"0"' })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
    await put("strange", "k");
    await expect(put("strange", "k", "x", { IfNoneMatch: "*" })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
      Condition: "If-None-Match",
    });
    await s3.send(new DeleteObjectCommand({ Bucket: "strange", Key: "k" }));
    await put("strange", "k", "again", { IfNoneMatch: "*" });
  });

  it("holds for an upload in parts too", async () => {
    await make("parts");
    await put("parts", "taken", "x");
    const upload = async (Key: string) => {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: "parts", Key }));
      const part = { Bucket: "parts", Key, UploadId, PartNumber: 1 };
      const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: "in parts" }));
      const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
      return s3.send(
        new CompleteMultipartUploadCommand({
          ...{ Bucket: "parts", Key, UploadId, MultipartUpload },
          IfNoneMatch: "*",
        }),
      );
    };

    expect(await outcomes([upload("free"), upload("taken")])).toEqual(["taken", "PreconditionFailed"]);
    expect([await textOf("parts", "free"), await textOf("parts", "taken")]).toEqual(["in parts", "x"]);
  });
});

describe("GetObject", () => {
  it("answers with a range: from the middle, from the end, and as far as there is something", async () => {
    await make("ranges");
    await put("ranges", "k", "0123456789");
    const range = async (Range: string) => {
      const { Body, ContentRange, ContentLength } = await s3.send(
        new GetObjectCommand({ Bucket: "ranges", Key: "k", Range }),
      );
      return [await Body?.transformToString(), ContentRange, ContentLength];
    };

    expect(await range("bytes=2-4")).toEqual(["234", "bytes 2-4/10", 3]);
    expect(await range("bytes=8-")).toEqual(["89", "bytes 8-9/10", 2]);
    expect(await range("bytes=-3")).toEqual(["789", "bytes 7-9/10", 3]);
    expect(await range("bytes=7-99")).toEqual(["789", "bytes 7-9/10", 3]);
    await expect(range("bytes=10-")).rejects.toMatchObject({ name: "InvalidRange" });
    await expect(textOf("ranges", "absent")).rejects.toMatchObject({ name: "NoSuchKey" });
    await expect(s3.send(new HeadObjectCommand({ Bucket: "ranges", Key: "absent" }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  it("gives back many megabytes, whatever the bytes, and what was said about them", async () => {
    await make("large");
    const Body = Buffer.alloc(20 * 1024 * 1024, "ä\0\r\n");
    await put("large", "a/ü +&%", Body, { Metadata: { lines: "7" }, ContentEncoding: "gzip" });
    await s3.send(
      new CopyObjectCommand({ Bucket: "large", Key: "copy", CopySource: "large/a/%C3%BC%20%2B%26%25" }),
    );

    const got = await s3.send(new GetObjectCommand({ Bucket: "large", Key: "a/ü +&%" }));
    const head = await s3.send(new HeadObjectCommand({ Bucket: "large", Key: "copy" }));

    expect(Body.equals((await got.Body?.transformToByteArray()) ?? Buffer.of())).toBe(true);
    expect(got).toMatchObject({ Metadata: { lines: "7" }, ContentEncoding: "gzip" });
    expect(head).toMatchObject({ ContentLength: Body.length, ETag: got.ETag });
  });
});

describe("ListObjectsV2", () => {
  // Sorted as bytes, as S3 does: capitals first, and what people would put elsewhere.
  const keys = [
    "A/1",
    "B",
    "a",
    "a b",
    "a%2F",
    "a-1",
    "a/1",
    "a/2",
    "a/b/1",
    "a/b/2",
    "a0",
    "b/1",
    "z&<>",
    "ä",
  ];

  beforeAll(async () => {
    await make("listed");
    for (const key of keys.toReversed()) await put("listed", key);
  });

  /** All entries, page by page, in the order in which they came. */
  async function list(size: number, more: object = {}): Promise<string[]> {
    const found: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket: "listed", MaxKeys: size, ContinuationToken, ...more }),
      );
      const entries = [
        ...(page.Contents ?? []).map(({ Key = "" }) => Key),
        ...(page.CommonPrefixes ?? []).map(({ Prefix = "" }) => Prefix),
      ];
      expect(page.KeyCount).toBe(entries.length);
      found.push(...entries.sort());
      ContinuationToken = page.NextContinuationToken;
      expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
    } while (ContinuationToken !== undefined);
    return found;
  }

  it.each([1, 2, 3, 5, 1_000])("gives every key once, in pages of %d", async (size) => {
    expect(await list(size)).toEqual(keys);
  });

  it.each([1, 2, 3, 1_000])("rolls up what lies behind a delimiter, once, in pages of %d", async (size) => {
    const tops = ["A/", "B", "a", "a b", "a%2F", "a-1", "a/", "a0", "b/", "z&<>", "ä"];

    expect(await list(size, { Delimiter: "/" })).toEqual(tops);
    expect(await list(size, { Delimiter: "/", Prefix: "a/" })).toEqual(["a/1", "a/2", "a/b/"]);
  });

  it("begins after a key, also one that is not there", async () => {
    expect(await list(2, { StartAfter: "a/1" })).toEqual(keys.slice(keys.indexOf("a/2")));
    expect(await list(2, { StartAfter: "a/9" })).toEqual(["a/b/1", "a/b/2", "a0", "b/1", "z&<>", "ä"]);
    expect(await list(2, { StartAfter: "a/1", Prefix: "a/", Delimiter: "/" })).toEqual(["a/2", "a/b/"]);
    expect(await list(2, { StartAfter: "zz" })).toEqual(["ä"]);
  });

  it("writes keys as an URL does when asked to, as boto3 asks", async () => {
    const { Contents, EncodingType } = await s3.send(
      new ListObjectsV2Command({ Bucket: "listed", EncodingType: "url", Prefix: "a", StartAfter: "a" }),
    );

    expect(EncodingType).toBe("url");
    expect(Contents?.slice(0, 2).map(({ Key }) => Key)).toEqual(["a%20b", "a%252F"]);
  });

  it("is followed by its older form, page by page", async () => {
    const first = await s3.send(new ListObjectsCommand({ Bucket: "listed", MaxKeys: 8, Delimiter: "/" }));
    const second = await s3.send(
      new ListObjectsCommand({ Bucket: "listed", Delimiter: "/", Marker: first.NextMarker }),
    );

    expect(first.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(["A/", "a/"]);
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(["z&<>", "ä"]);
    expect(second.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(["b/"]);
  });

  it("shows nothing of what was deleted, many at once", async () => {
    await make("emptied");
    for (const key of ["a", "b&", "c"]) await put("emptied", key);

    const Objects = [{ Key: "a" }, { Key: "b&" }, { Key: "never" }];
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket: "emptied", Delete: { Objects } }));
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: "emptied" }));

    expect(Deleted?.map(({ Key }) => Key)).toEqual(["a", "b&", "never"]);
    expect(Contents?.map(({ Key }) => Key)).toEqual(["c"]);
  });
});

describe("S3 at the endpoint", () => {
  it("finds the bucket in the host's name", async () => {
    await make("by-name");
    await put("by-name", "k", "here");

    const text = await new Promise((resolve, reject) => {
      const headers = { host: `by-name.localhost:${endpoint.port}` };
      const sent = request({ host: "127.0.0.1", port: endpoint.port, path: "/k", headers }, (answer) =>
        resolve(answer.toArray().then(String)),
      );
      sent.once("error", reject).end();
    });

    expect(text).toBe("here");
  });

  it("says clearly what it does not have, and makes nothing of it", async () => {
    await expect(s3.send(new GetBucketVersioningCommand({ Bucket: "anything" }))).rejects.toMatchObject({
      name: "NotImplemented",
      message: "this part of S3 is not part of the local cloud",
    });
  });

  it("keeps objects of several megabytes, and what conditions ask, across restarts", async () => {
    const dataDir = join(folder, "data");
    mkdirSync(dataDir);
    const Body = Buffer.alloc(15 * 1024 * 1024, "0123456789abcde\n");
    const run = async <T>(work: (client: S3Client) => Promise<T>): Promise<T> => {
      const process = await start(dataDir);
      const { s3: client, destroy } = awsClients(`http://127.0.0.1:${process.port}`);
      const result = await work(client).finally(destroy);
      await process.stop();
      return result;
    };
    const write = { Bucket: "kept", Key: "large", Body, IfNoneMatch: "*" } as const;
    await run(async (client) => {
      await client.send(new CreateBucketCommand({ Bucket: "kept" }));
      await client.send(new PutObjectCommand(write));
    });

    const [whole, part, again] = await run(async (client) => {
      const get = async (Range?: string) => {
        const { Body: body } = await client.send(
          new GetObjectCommand({ Bucket: "kept", Key: "large", Range }),
        );
        return Buffer.from((await body?.transformToByteArray()) ?? []);
      };
      return [
        await get(),
        await get("bytes=15000000-15000009"),
        await outcomes([client.send(new PutObjectCommand(write))]),
      ];
    });

    expect(whole.equals(Body)).toBe(true);
    expect(part.equals(Body.subarray(15_000_000, 15_000_010))).toBe(true);
    expect(again).toEqual(["PreconditionFailed"]);
  });
});
