import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { callerAccount } from "../../src/publish/caller-account.ts";

describe("callerAccount", () => {
  const before = { ...process.env };
  let server: FauxqsServer;

  beforeAll(async () => {
    server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${server.port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
  });
  afterAll(async () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    await server.stop();
  });

  it("answers the account of the credentials in use", async () => {
    expect(await callerAccount()).toBe("000000000000");
  });
});
