import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { SignatureV4 } from "@smithy/signature-v4";
import { createSigner, queryText } from "../../src/wire/sign.ts";

const request = {
  service: "dynamodb",
  region: "eu-central-1",
  path: "/",
  headers: {
    host: "dynamodb.eu-central-1.amazonaws.com",
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.BatchExecuteStatement",
  },
  body: '{"text":"ünïcode"}',
};
const nowMs = Date.UTC(2026, 10, 23, 1, 2, 3);

/** The hash that the SDK's signer asks for, on Node's own. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash>;
  constructor(secret?: string | Uint8Array) {
    this.#hash = (secret ? createHmac("sha256", secret) : createHash("sha256")) as ReturnType<
      typeof createHash
    >;
  }
  update(data: string | Uint8Array) {
    this.#hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.#hash.digest());
  }
  reset() {}
}

async function signedBySdk(
  credentials: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  },
  query: Record<string, string> = {},
) {
  const signer = new SignatureV4({
    credentials,
    service: request.service,
    region: request.region,
    sha256: Sha256 as never,
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: "POST",
      protocol: "https:",
      hostname: request.headers.host,
      path: "/",
      query,
      headers: request.headers,
      body: request.body,
    },
    { signingDate: new Date(nowMs) },
  );
  return signed.headers.authorization;
}

describe("createSigner", () => {
  it.each([
    { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
    { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "secret", sessionToken: "token/with+signs==" },
  ])("signs as the AWS SDK does: $accessKeyId", async (credentials) => {
    const headers = createSigner(credentials)(request, nowMs);

    expect(headers.authorization).toBe(await signedBySdk(credentials));
    expect(headers["x-amz-date"]).toBe("20261123T010203Z");
  });

  it("signs a query as the AWS SDK does, whatever is in it", async () => {
    const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
    const query = { NextToken: "a+b/c==", NamePrefix: "shop-delayed-(*)'!~ ü", groupName: "" };

    const headers = createSigner(credentials)({ ...request, query: queryText(query) }, nowMs);

    expect(headers.authorization).toBe(await signedBySdk(credentials, query));
  });

  it("derives another key on another day, and for another service", () => {
    const sign = createSigner({ accessKeyId: "a", secretAccessKey: "b" });
    const of = (change: object, ms = nowMs) => sign({ ...request, ...change }, ms).authorization;

    const all = [
      of({}),
      of({}, nowMs + 86_400_000),
      of({ service: "sns" }),
      of({ region: "us-east-1" }),
      of({}),
    ];

    expect(new Set(all).size).toBe(4);
    expect(all[4]).toBe(all[0]);
  });
});
