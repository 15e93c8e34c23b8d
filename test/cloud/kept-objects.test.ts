import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { type KeptObjects, openKeptObjects } from "../../local/cloud/index.ts";
import { objectStoreConformance } from "../../local/testing/object-store-conformance.ts";
import { type ObjectStore, s3Objects } from "../../src/segments/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();
const dataDir = join(folder, "data");
const bucket = "shop-archive";
let endpoint: EndpointProcess;
let clients: ReturnType<typeof awsClients>;
let kept: KeptObjects;
let cloud: ObjectStore;

beforeAll(async () => {
  mkdirSync(dataDir);
  endpoint = await startEndpoint(
    { port: 0, region: "us-east-1", dataDir },
    { answerLambda: async () => ({ status: 200, headers: {}, body: "{}" }), onExit: () => {} },
  );
  clients = awsClients(`http://127.0.0.1:${endpoint.port}`);
  for (const Bucket of [bucket, "other"]) await clients.s3.send(new CreateBucketCommand({ Bucket }));
  cloud = s3Objects({ bucket, client: clients.s3 });
  kept = openKeptObjects(dataDir);
});
afterAll(async () => {
  kept?.close();
  clients?.destroy();
  await endpoint?.stop();
});

describe("openKeptObjects", () => {
  // Written through the cloud that runs on the folder, read out of the folder.
  const suite = objectStoreConformance(() => {
    const { get, list, folders, urlOf } = kept.objects(bucket);
    return { ...cloud, get, list, folders, urlOf };
  });
  for (const { name, check } of suite) it(name, check, 30_000);

  it("keeps buckets apart, and knows them all", async () => {
    await cloud.put("a/b", Buffer.from("x"));

    expect(kept.buckets).toEqual(["other", bucket]);
    expect(await kept.objects("other").get("a/b")).toBeUndefined();
    expect(kept.objects(bucket).urlOf("a/b")).toBe("s3://shop-archive/a/b");
  });

  it("lists more than a page", async () => {
    const keys = Array.from({ length: 1_003 }, (_, n) => `many/${String(n).padStart(5, "0")}`);
    for (let at = 0; at < keys.length; at += 100) {
      await Promise.all(keys.slice(at, at + 100).map((key) => cloud.put(key, Buffer.from("x"))));
    }

    const found: string[] = [];
    for await (const { key } of kept.objects(bucket).list("many/")) found.push(key);

    expect(found).toEqual(keys);
  }, 60_000);

  it("writes nothing", async () => {
    const store = kept.objects(bucket);

    await expect(store.put("x", Buffer.from("x"))).rejects.toMatchObject({ code: "read-only" });
    await expect(store.delete(["a/b"])).rejects.toMatchObject({ code: "read-only" });
    expect(await cloud.get("x")).toBeUndefined();
  });

  it("refuses a folder that no cloud was at work in, or one of another release", () => {
    expect(() => openKeptObjects(folder)).toThrow(
      `${folder} is no data folder of a local cloud (there is no fauxqs.db in it): give the one that was given to --data`,
    );
    const damaged = join(folder, "damaged");
    mkdirSync(damaged);
    writeFileSync(join(damaged, "fauxqs.db"), "no database, just text that is long enough for a header");
    expect(() => openKeptObjects(damaged)).toThrow(/cannot be read \(.*file is not a database\)/);
    const other = join(folder, "other");
    mkdirSync(other);
    new DatabaseSync(join(other, "fauxqs.db")).close();
    expect(() => openKeptObjects(other)).toThrow(/cannot be read \(.*no such table: s3_buckets\)/);
  });

  it("reads what a cloud that was killed has left", async () => {
    await cloud.put("last/words", Buffer.from("here"));
    const left = join(folder, "left");
    mkdirSync(left);
    // Its files as they lie while it runs: the last words are in the log, not in the database.
    for (const name of ["fauxqs.db", "fauxqs.db-wal"]) copyFileSync(join(dataDir, name), join(left, name));

    const found = openKeptObjects(left);

    expect((await found.objects(bucket).get("last/words"))?.body.toString()).toBe("here");
    found.close();
  });
});
