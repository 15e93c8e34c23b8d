import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { sqsQueue } from "../../local/mapping/index.ts";

const never = new AbortController().signal;

describe("sqsQueue", () => {
  const seen: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  let answer = { status: 200, body: "{}" };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(answer.status).end(answer.body);
  });
  const queue = () =>
    sqsQueue({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      queueUrl: "http://127.0.0.1:4566/000000000000/work",
      region: "eu-west-1",
    });

  beforeEach(async () => {
    seen.length = 0;
    answer = { status: 200, body: "{}" };
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("speaks the JSON protocol, with a credential scope to route by", async () => {
    await queue().receive({ max: 7, waitMs: 1_500, signal: never });

    expect(seen[0]?.headers).toMatchObject({
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "AmazonSQS.ReceiveMessage",
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/eu-west-1\/sqs\/aws4_request, SignedHeaders=host;x-amz-date, Signature=/,
      ),
    });
    expect(seen[0]?.body).toMatchObject({
      QueueUrl: "http://127.0.0.1:4566/000000000000/work",
      MaxNumberOfMessages: 7,
      WaitTimeSeconds: 2,
    });
  });

  it("keeps its connection", async () => {
    const one = queue();
    await one.receive({ max: 1, waitMs: 0, signal: never });
    await one.receive({ max: 1, waitMs: 0, signal: never });

    const connections = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
    expect(connections).toBe(1);
  });

  it("rejects when SQS refuses, and says whether the same call may succeed later", async () => {
    answer = { status: 400, body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}' };
    const refused = queue().receive({ max: 1, waitMs: 0, signal: never });
    await expect(refused).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining("QueueDoesNotExist"),
    });

    answer = { status: 503, body: "" };
    await expect(queue().delete(["handle"])).rejects.toMatchObject({ retryable: true });
  });

  it("rejects when messages could not be deleted for no fault of ours", async () => {
    answer = { status: 200, body: '{"Failed":[{"Id":"0","SenderFault":false,"Code":"InternalError"}]}' };
    await expect(queue().delete(["handle"])).rejects.toThrow(/InternalError/);

    answer = {
      status: 200,
      body: '{"Failed":[{"Id":"0","SenderFault":true,"Code":"ReceiptHandleIsInvalid"}]}',
    };
    await queue().delete(["handle"]);
  });
});
