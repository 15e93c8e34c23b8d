import { systemClock } from "../../../src/clock.ts";
import { dynoxide } from "../engines/dynoxide.ts";
import type { RunningEngine } from "../engines/engine.ts";
import { openFauxqs } from "../engines/fauxqs.ts";
import type { Fauxqs } from "../engines/fauxqs-inside.ts";
import { makeMemoryDirectory } from "../engines/memory-directory.ts";
import { createCloudWatch } from "./cloudwatch.ts";
import { createDynamodb } from "./dynamodb.ts";
import { createForwarder } from "./forward.ts";
import type { EndpointOptions, FromEndpoint, QueueDepth, ToEndpoint } from "./messages.ts";
import { createOrderedTopics } from "./ordered-topics.ts";
import { createS3 } from "./s3.ts";
import { createEndpointServer, type Services } from "./server.ts";
import { createSns } from "./sns.ts";
import { createSqs } from "./sqs.ts";
import { answerSts } from "./sts.ts";
import { createUnmatched } from "./unmatched.ts";

/**
 * The endpoint's own process: fauxqs stays off the event loop that polls and invokes. It ends with its parent, however
 * that ends: the channel to the parent closes then, and with this process dynoxide ends (see `startGuarded`).
 */
const options = JSON.parse(process.argv[2] ?? "{}") as EndpointOptions;
const tell = (message: FromEndpoint) => {
  if (process.connected) process.send?.(message);
};
const forwarder = createForwarder(tell);
let engine: RunningEngine | undefined;
let fauxqs: Fauxqs | undefined;
let closeDynamodb = () => {};
let stands = false;

// Ctrl-C reaches the whole group of processes; when to end is the parent's decision.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToEndpoint) => {
  if (message.kind === "forward-answer") forwarder.answer(message.id, message.answer);
  else if (message.kind === "queues") tell({ kind: "queues", id: message.id, queues: queueDepths() });
  else if (message.kind === "stands") stands = true;
  else void stop();
});

const { promise: ready, resolve: open } = Promise.withResolvers<Services>();
const server = createEndpointServer(ready, () => stands);
server.once("error", (cause: NodeJS.ErrnoException) => fail(cause.code ?? "endpoint", cause.message));
server.listen(options.port, "127.0.0.1", () => {
  start().catch((thrown: NodeJS.ErrnoException) => fail(thrown.code ?? "endpoint", thrown.message));
});

async function start(): Promise<void> {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  const host = `127.0.0.1:${port}`;
  const { region, dataDir } = options;
  const [queues, tables] = await Promise.all([
    openFauxqs({ region, address: `http://${host}`, ...(dataDir === undefined ? {} : { dataDir }) }),
    dynoxide.start({ dataDir: dataDir ?? makeMemoryDirectory(), removeDataDir: dataDir === undefined }),
  ]);
  fauxqs = queues;
  engine = tables;
  const dynamodb = createDynamodb(tables, region);
  closeDynamodb = dynamodb.close;
  open({
    sqs: createSqs(queues, host),
    sns: createSns(
      {
        fauxqs: queues,
        ordered: createOrderedTopics(systemClock),
        clock: systemClock,
        onUnmatched: createUnmatched((text) => tell({ kind: "note", text }), systemClock),
      },
      host,
    ),
    s3: createS3(queues),
    sts: answerSts,
    dynamodb: dynamodb.handle,
    lambda: (request, response) => forwarder.handle("lambda", request, response),
    scheduler: (request, response) => forwarder.handle("scheduler", request, response),
    monitoring: createCloudWatch(queues),
  });
  tell({ kind: "ready", port, dynamodbPort: tables.port, notes: tables.notes });
}

function queueDepths(): readonly QueueDepth[] {
  if (fauxqs === undefined) return [];
  fauxqs.queues.processAllTimers();
  return [...fauxqs.queues.queues.values()].map((queue) => ({
    name: queue.name,
    url: queue.url,
    visible: Number(queue.getAttribute("ApproximateNumberOfMessages")),
    inFlight: Number(queue.getAttribute("ApproximateNumberOfMessagesNotVisible")),
    delayed: Number(queue.getAttribute("ApproximateNumberOfMessagesDelayed")),
  }));
}

function fail(code: string, message: string): void {
  tell({ kind: "failed", code, message });
  void stop();
}

async function stop(): Promise<void> {
  server.close();
  server.closeAllConnections();
  closeDynamodb();
  await Promise.allSettled([fauxqs?.close(), engine?.stop()]);
  process.exit(0);
}
