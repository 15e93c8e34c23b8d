import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { objectStoreConformance } from "../../local/testing/object-store-conformance.ts";
import { inMemoryObjects, s3Objects } from "../../src/segments/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";

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

  it("addresses objects as S3 does", () => {
    expect(s3Objects({ bucket, client: clients.s3 }).urlOf("a/b")).toBe("s3://shop-archive/a/b");
  });
});
