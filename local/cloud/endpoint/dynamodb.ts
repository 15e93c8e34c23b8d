import { Agent, type IncomingMessage, request as openRequest, type ServerResponse } from "node:http";
import type { RunningEngine } from "../engines/engine.ts";
import { answerJson, send } from "./answer.ts";
import { readBody } from "./body.ts";

/** Operations that carry ARNs: there the engine's region is exchanged for ours. All others pass as they are. */
const withArns =
  /\.(CreateTable|DescribeTable|UpdateTable|DeleteTable|ListStreams|DescribeStream|GetShardIterator|TagResource|UntagResource|ListTagsOfResource)$/;

/** DynamoDB and its streams: handed through to the engine over kept connections. */
export function createDynamodb(engine: RunningEngine, region: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const theirs = `arn:aws:dynamodb:${engine.arnRegion}:`;
  const ours = `arn:aws:dynamodb:${region}:`;

  const open = (request: IncomingMessage, length?: number) =>
    openRequest({
      host: "127.0.0.1",
      port: engine.port,
      agent,
      method: "POST",
      path: "/",
      headers: {
        ...request.headers,
        host: `127.0.0.1:${engine.port}`,
        connection: "keep-alive",
        ...(length === undefined ? {} : { "content-length": length }),
      },
    });

  const exchange = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await readBody(request)).replaceAll(ours, theirs);
    const onward = open(request, Buffer.byteLength(body));
    onward.once("error", (cause) => unreachable(response, cause));
    onward.once("response", async (answer) => {
      try {
        const text = (await readBody(answer)).replaceAll(theirs, ours);
        // The checksum that the engine may have sent was of its own bytes.
        send(response, answer.statusCode ?? 500, text, {
          "content-type": "application/x-amz-json-1.0",
        });
      } catch (cause) {
        unreachable(response, cause);
      }
    });
    onward.end(body);
  };

  const pass = (request: IncomingMessage, response: ServerResponse) => {
    const onward = open(request);
    onward.once("error", (cause) => unreachable(response, cause));
    onward.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.once("close", () => {
      if (!request.complete) onward.destroy();
    });
    request.pipe(onward);
  };

  return {
    handle(request: IncomingMessage, response: ServerResponse): void {
      if (withArns.test(String(request.headers["x-amz-target"]))) {
        exchange(request, response).catch((cause) => unreachable(response, cause));
      } else pass(request, response);
    },
    close: () => agent.destroy(),
  };
}

function unreachable(response: ServerResponse, cause: unknown): void {
  const message = cause instanceof Error ? cause.message : String(cause);
  answerJson(response, 500, {
    __type: "com.amazonaws.dynamodb.v20120810#InternalServerError",
    message: `the local DynamoDB engine did not answer: ${message}`,
  });
}
