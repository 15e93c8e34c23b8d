import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../src/clock.ts";
import type { FunctionHost } from "../lambda/index.ts";
import {
  createStreamPoller,
  dynamodbStream,
  type Mapping,
  type StreamMapping,
  type StreamMappingEvent,
  type StreamPoller,
  sqsQueue,
  startMapping,
  startStreamMapping,
} from "../mapping/index.ts";
import type { QueueSender } from "./queue-sender.ts";
import type { MappingHost } from "./resources/index.ts";
import type { StreamPositions } from "./stream-positions.ts";

/** Runs event source mappings against the local queues and streams. */
export function createMappingHost({
  endpoint,
  region,
  functions,
  positions,
  sendToQueue,
  say,
  clock,
}: {
  endpoint: string;
  region: string;
  functions: FunctionHost;
  positions: StreamPositions;
  sendToQueue: QueueSender;
  /** Gets a sentence for people. */
  say: (text: string) => void;
  clock: Clock;
}): MappingHost & { stop(): Promise<void> } {
  const queues = new Map<string, Mapping>();
  const streams = new Map<string, StreamMapping>();
  const pollers = new Map<string, StreamPoller>();

  const pollerOf = (streamArn: string): StreamPoller => {
    const poller =
      pollers.get(streamArn) ?? createStreamPoller(dynamodbStream({ endpoint, region, streamArn }), clock);
    pollers.set(streamArn, poller);
    return poller;
  };

  return {
    all: () => [...queues.values()],
    streams: () => [...streams.values()],
    async put(spec, queueUrl) {
      const before = queues.get(spec.uuid);
      const { enabled, batchSize, windowMs, maximumConcurrency } = spec;
      if (before !== undefined && sameRoute(before.spec, spec)) {
        before.update({ enabled, batchSize, windowMs, maximumConcurrency });
        return;
      }
      await before?.stop();
      const queue = sqsQueue({ endpoint, queueUrl, region });
      queues.set(spec.uuid, startMapping(spec, { queue, functions, clock }));
    },
    async putStream(spec) {
      const before = streams.get(spec.uuid);
      if (before?.spec.functionName === spec.functionName) {
        if (!isDeepStrictEqual(before.spec, spec)) before.update(spec);
        return;
      }
      await before?.stop();
      const mapping = startStreamMapping(spec, {
        ...{ functions, positions, clock, poller: pollerOf(spec.streamArn) },
        destination: { send: sendToQueue },
        onEvent: (event) => {
          const text = sentenceOf(event);
          if (text !== undefined) say(`${spec.functionName} ${text}`);
        },
      });
      streams.set(spec.uuid, mapping);
    },
    async remove(uuid) {
      const [queue, stream] = [queues.get(uuid), streams.get(uuid)];
      queues.delete(uuid);
      streams.delete(uuid);
      await Promise.all([queue?.stop(), stream?.stop()]);
      positions.forget(uuid);
    },
    async stop() {
      const all = [...queues.values(), ...streams.values()];
      queues.clear();
      streams.clear();
      await Promise.all(all.map((mapping) => mapping.stop()));
    },
  };
}

function sameRoute(before: Mapping["spec"], after: Mapping["spec"]): boolean {
  return (
    before.functionName === after.functionName &&
    before.queueArn === after.queueArn &&
    before.reportBatchItemFailures === after.reportBatchItemFailures
  );
}

/** What AWS would show by metrics alone. */
function sentenceOf(event: StreamMappingEvent): string | undefined {
  if (event.type === "discarded") {
    return `has lost ${event.records} records of its stream (${event.condition}), as on AWS`;
  }
  if (event.type === "destination-failed") {
    return `has lost the note about ${event.records} records of its stream: the destination has not taken it (${event.error})`;
  }
  return undefined;
}
