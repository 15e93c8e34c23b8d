import { describe, expect, it } from "@jest/globals";
import { wireTarget } from "../../src/env.ts";

const lambda = {
  AWS_ACCESS_KEY_ID: "a",
  AWS_SECRET_ACCESS_KEY: "b",
  AWS_SESSION_TOKEN: "c",
  AWS_REGION: "us-east-1",
};

describe("wireTarget", () => {
  it("is what a function's environment says", () => {
    expect(wireTarget("dynamodb", undefined, lambda)).toEqual({
      region: "us-east-1",
      domain: "amazonaws.com",
      credentials: { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" },
    });
  });

  it("takes the endpoint of the service before the one of all, another region, and China's domain", () => {
    const environment = { ...lambda, AWS_ENDPOINT_URL: "http://all", AWS_ENDPOINT_URL_SNS: "http://sns" };

    expect(wireTarget("sns", undefined, environment)?.endpoint).toBe("http://sns");
    expect(wireTarget("dynamodb", "cn-north-1", environment)).toMatchObject({
      endpoint: "http://all",
      region: "cn-north-1",
      domain: "amazonaws.com.cn",
    });
  });

  it("takes an empty endpoint of the service for none, as the AWS SDKs do", () => {
    const environment = { ...lambda, AWS_ENDPOINT_URL: "http://all", AWS_ENDPOINT_URL_SNS: "" };

    expect(wireTarget("sns", undefined, environment)?.endpoint).toBe("http://all");
  });

  it.each([
    ["no keys", { AWS_REGION: "us-east-1" }],
    ["no region", { ...lambda, AWS_REGION: undefined }],
    ["a profile", { ...lambda, AWS_PROFILE: "work" }],
    ["FIPS endpoints", { ...lambda, AWS_USE_FIPS_ENDPOINT: "true" }],
    ["dual-stack endpoints", { ...lambda, AWS_USE_DUALSTACK_ENDPOINT: "true" }],
  ])("leaves it to the AWS SDK with %s", (_, environment) => {
    expect(wireTarget("dynamodb", undefined, environment)).toBeUndefined();
  });
});
