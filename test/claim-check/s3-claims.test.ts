import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { s3Claims } from "../../src/claim-check/index.ts";
import { systemClock } from "../../src/clock.ts";
import { awsClients } from "../helpers/aws-clients.ts";

const bucket = "shop-claims-000000000000-us-east-1";

describe("s3Claims on the local endpoint", () => {
  const before = { ...process.env };
  let endpoint: EndpointProcess;
  let clients: ReturnType<typeof awsClients>;
  beforeAll(async () => {
    endpoint = await startEndpoint(
      { port: 0, region: "us-east-1" },
      { answerLambda: async () => ({ status: 200, headers: {}, body: "{}" }), onExit: () => {} },
    );
    const url = `http://127.0.0.1:${endpoint.port}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    });
    clients = awsClients(url);
    await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(async () => {
    process.env = before;
    clients?.destroy();
    await endpoint?.stop();
  });

  it("writes what it reads, over what lay there, and says when nothing does", async () => {
    const claims = s3Claims({ bucket, region: "us-east-1", clock: systemClock });
    const [key, data] = ["claims/2026-11-27/a.json", Buffer.from('{"pages":["é"]}')];

    await claims.put(key, Buffer.from("something else, and longer than that"));
    await claims.put(key, data);

    expect((await claims.get(key, { offset: 0, length: data.length + 1 }))?.body).toEqual(data);
    expect((await claims.get(key, { offset: 0, length: 3 }))?.body).toEqual(data.subarray(0, 3));
    expect(await claims.get("claims/2026-11-27/b.json", { offset: 0, length: 3 })).toBeUndefined();
  });

  it("throws where there is no bucket: that is no answer about a claim", async () => {
    const claims = s3Claims({ bucket: "shop-claims-elsewhere", region: "us-east-1", clock: systemClock });

    await expect(claims.get("claims/2026-11-27/a.json", { offset: 0, length: 3 })).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });
});
