import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { refuseRealCloud, startEmulator } from "../../local/emulator/index.ts";

const real = [
  "https://sns.us-east-1.amazonaws.com",
  "https://sqs.cn-north-1.amazonaws.com.cn",
  "https://s3.dualstack.eu-west-1.amazonaws.com/",
  "https://lambda.us-east-1.api.aws",
  "https://AMAZONAWS.COM",
];

describe("refuseRealCloud", () => {
  it.each(real)("refuses %s", (endpoint) => {
    expect(() => refuseRealCloud(endpoint)).toThrow(/is the real cloud: nothing was done/);
  });

  it.each([undefined, "", "  "])("refuses none (%j): then every AWS tool goes there", (endpoint) => {
    expect(() => refuseRealCloud(endpoint)).toThrow(/without one every AWS tool reaches the real cloud/);
  });

  it.each(["127.0.0.1:4566", "file:///etc/hosts", "nonsense"])(
    "refuses %s, which is no address",
    (endpoint) => {
      expect(() => refuseRealCloud(endpoint)).toThrow(/is no http\(s\) address/);
    },
  );

  it("takes an emulator's address, without what would not resolve", () => {
    expect(refuseRealCloud("http://localhost:4566/")).toBe("http://127.0.0.1:4566");
    expect(refuseRealCloud("https://localhost.localstack.cloud:4566")).toBe(
      "https://localhost.localstack.cloud:4566",
    );
    expect(refuseRealCloud("http://amazonaws.com.example.org")).toBe("http://amazonaws.com.example.org");
  });
});

describe("startEmulator", () => {
  it.each(real)("starts nothing when AWS_ENDPOINT_URL is %s", async (endpoint) => {
    const starting = startEmulator({ environment: { AWS_ENDPOINT_URL: endpoint, PATH: "" } });

    await expect(starting).rejects.toMatchObject({ code: "endpoint-real-cloud" });
  });

  it("says so when nobody answers there", async () => {
    const starting = startEmulator({ environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:1", PATH: "" } });

    await expect(starting).rejects.toMatchObject({ code: "emulator-unreachable" });
  });

  it("refuses what answers as an emulator does and can deploy nothing", async () => {
    const server = createServer((_, response) => response.end('{"services":{"sqs":"running"}}'));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const environment = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, PATH: "" };

    const starting = startEmulator({ environment });

    await expect(starting).rejects.toThrow(/no emulator that answers \(.*names no cloudformation\)/);
    server.closeAllConnections();
    server.close();
  });

  it("names Python at once when it is missing", async () => {
    const starting = startEmulator({ environment: { PATH: "" } });

    await expect(starting).rejects.toThrow(
      /python3: not found on the PATH.*Python ≥ 3\.10 is needed for the emulator/s,
    );
  });
});
