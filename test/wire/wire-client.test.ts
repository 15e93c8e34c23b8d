import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Clock, systemClock } from "../../src/clock.ts";
import { WireError, wireClient } from "../../src/wire/index.ts";

/** Waits for nothing, and remembers for how long it should have. */
function hasty(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    ...systemClock,
    waits,
    after: (delayMs, fire) => {
      waits.push(delayMs);
      setImmediate(fire);
      return () => {};
    },
  };
}

describe("wireClient", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function world(answer: (call: number, response: ServerResponse, request: IncomingMessage) => void) {
    let calls = 0;
    const server = createServer((request, response) => {
      request.resume().on("end", () => answer(++calls, response, request));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const clock = hasty();
    const client = wireClient({
      service: "dynamodb",
      target: {
        endpoint: `http://127.0.0.1:${port}`,
        region: "us-east-1",
        domain: "amazonaws.com",
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      },
      maxAttempts: 3,
      errorOf: (body, status) => new WireError(body, body, status),
      clock,
    });
    return { clock, call: () => client({ headers: {}, body: "{}" }), calls: () => calls };
  }

  it("answers the body of a success, over one connection", async () => {
    const sockets = new Set();
    const { call } = await world((_, response, request) => {
      sockets.add(request.socket);
      response.end("ünïcode");
    });

    const answers = [await call(), await call()];
    expect(answers.map(({ body }) => body)).toEqual(["ünïcode", "ünïcode"]);
    expect(answers.every(({ date }) => Date.parse(date ?? "") > 0)).toBe(true);
    expect(sockets.size).toBe(1);
  });

  it("tries again after throttling, a server error and a lost connection", async () => {
    const { call, calls, clock } = await world((number, response, request) => {
      if (number === 1) response.writeHead(400).end("ThrottlingException");
      else if (number === 2) request.socket.destroy();
      else response.end("done");
    });

    expect((await call()).body).toBe("done");
    expect(calls()).toBe(3);
    expect(clock.waits.every((wait) => wait <= 100)).toBe(true);
  });

  it("gives up after its attempts, with the last error", async () => {
    const { call, calls } = await world((_, response) => response.writeHead(500).end("InternalServerError"));

    await expect(call()).rejects.toMatchObject({ name: "InternalServerError", status: 500 });
    expect(calls()).toBe(3);
  });

  it("does not repeat what AWS refuses", async () => {
    const { call, calls } = await world((_, response) => response.writeHead(400).end("ValidationException"));

    await expect(call()).rejects.toMatchObject({
      name: "ValidationException",
      $metadata: { httpStatusCode: 400 },
    });
    expect(calls()).toBe(1);
  });
});
