import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { objectStoreConformance } from "../../local/testing/object-store-conformance.ts";
import { inMemoryObjects, s3Objects, writeRaw } from "../../src/segments/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { beginMs, hourMs, line, notebook, sealAll, seen } from "./notes.ts";

describe("inMemoryObjects", () => {
  for (const { name, check } of objectStoreConformance(inMemoryObjects)) it(name, check);
});

describe("s3Objects on the local endpoint", () => {
  const bucket = "shop-archive";
  let endpoint: EndpointProcess;
  let clients: ReturnType<typeof awsClients>;
  beforeAll(async () => {
    endpoint = await startEndpoint(
      { port: 0, region: "us-east-1" },
      { answerLambda: async () => ({ status: 200, headers: {}, body: "{}" }), onExit: () => {} },
    );
    clients = awsClients(`http://127.0.0.1:${endpoint.port}`);
    await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(async () => {
    clients?.destroy();
    await endpoint?.stop();
  });

  const suite = objectStoreConformance(() => s3Objects({ bucket, client: clients.s3 }));
  for (const { name, check } of suite) it(name, check, 30_000);

  it("carries lines from raw objects to sealed ones and back", async () => {
    const { segments, clock } = notebook({ store: s3Objects({ bucket, client: clients.s3 }) });
    const notes = Array.from({ length: 2_000 }, (_, index) =>
      line({ id: `n${index}`, timeMs: beginMs + index * 1_000 }),
    );
    for (let at = 0; at < notes.length; at += 400) await writeRaw(segments, notes.slice(at, at + 500));
    const before = await seen(segments);
    await clock.advance(2 * hourMs);

    expect(await sealAll(segments)).toEqual(["2026-11-27-01-00"]);

    expect(before).toEqual(notes.map(({ identity }) => identity));
    expect(await seen(segments)).toEqual(before.map((id, index) => `${id} @ 2026-11-27-01-00/0/${index}`));
    expect(await sealAll(segments)).toEqual([]);
  });

  it("addresses objects as S3 does", () => {
    expect(s3Objects({ bucket, client: clients.s3 }).urlOf("a/b")).toBe("s3://shop-archive/a/b");
  });
});
