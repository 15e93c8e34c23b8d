import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { everyShare } from "../frame/chance.ts";

/** What was done to the desk's transactions. */
export interface ThrottleAudit {
  /** Refused, and not done. */
  readonly refused: number;
  /** Done, and answered as if they had been refused. */
  readonly dropped: number;
}

/**
 * DynamoDB with too little throughput, in front of the real one: a share of the transactions is refused, by turns before and
 * after it was done.
 *
 *   node drills/transfer/throttle.ts http://127.0.0.1:4566 0.05
 */
const [, , target = "", share = ""] = process.argv;
const isThrottled = everyShare(Number(share));
const audit = { refused: 0, dropped: 0 };

const server = createServer(async (request, response) => {
  if (request.url === "/audit") return void response.end(JSON.stringify(audit satisfies ThrottleAudit));
  const body = await buffer(request);
  const throttled = String(request.headers["x-amz-target"]).endsWith(".TransactWriteItems") && isThrottled();
  const isBefore = audit.refused <= audit.dropped;
  if (throttled) audit[isBefore ? "refused" : "dropped"] += 1;
  const answer = throttled && isBefore ? undefined : await passOn(request, body);
  if (throttled) {
    return void response.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(
      JSON.stringify({
        __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        message: "The level of configured provisioned throughput for the table was exceeded",
      }),
    );
  }
  response.writeHead(answer?.statusCode ?? 502, answer?.headers).end(answer && (await buffer(answer)));
});

function passOn({ method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const passed = send(new URL(url ?? "/", target), { method: method ?? "POST", headers }, resolve);
    passed.once("error", reject).end(body);
  });
}

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
// The drill has ended, or was killed.
process.stdin.resume().once("end", () => process.exit());
