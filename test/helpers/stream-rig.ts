import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { InvokeResult } from "../../local/mapping/index.ts";
import {
  createStreamPoller,
  inMemoryStream,
  type StreamMapping,
  type StreamMappingEvent,
  type StreamMappingPorts,
  type StreamMappingSpec,
  type StreamPort,
  startStreamMapping,
} from "../../local/mapping/streams/index.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { sleep } from "../../src/clock.ts";

/** What a modelled function does with a batch. */
export type StreamHandler = (records: readonly DynamoDBRecord[]) => InvokeResult | Promise<InvokeResult>;

/** The id of the item that a record is about. */
export const idOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.Keys?.id as unknown as string;
export const sequenceOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.SequenceNumber ?? "";

/** A mapping over a modelled stream and a modelled function, all in virtual time. */
export function streamRig(
  options: {
    spec?: Partial<StreamMappingSpec>;
    handler?: StreamHandler;
    runMs?: number;
    pageRecords?: number;
  } = {},
) {
  const { handler = () => ({ status: "ok", payload: "null" }), runMs = 10 } = options;
  const clock = virtualClock();
  const table = inMemoryStream({
    clock,
    ...(options.pageRecords === undefined ? {} : { pageRecords: options.pageRecords }),
  });
  let reads = 0;
  const stream: StreamPort = {
    ...table,
    position: (...given) => table.position(...given),
    read: (...given) => {
      reads++;
      return table.read(...given);
    },
  };
  const poller = createStreamPoller(stream, clock);
  const positions = new Map<string, string>();
  const batches: string[][] = [];
  const told: Record<string, unknown>[] = [];
  const events: StreamMappingEvent[] = [];
  const spec: StreamMappingSpec = {
    uuid: "mapping-1",
    streamArn: "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026-01-01T00:00:00.000",
    functionName: "journal",
    startingPosition: "TRIM_HORIZON",
    batchSize: 100,
    windowMs: 0,
    bisectBatchOnFunctionError: false,
    parallelizationFactor: 1,
    filters: [],
    reportBatchItemFailures: true,
    enabled: true,
    ...options.spec,
  };
  let running = 0;
  let peak = 0;
  return {
    clock,
    table,
    poller,
    positions,
    /** Ids of the records of each invocation, in the order in which they started. */
    batches,
    /** What the destination was told. */
    told,
    events,
    spec,
    get reads() {
      return reads;
    },
    get peak() {
      return peak;
    },
    /** Writes items `0`, `1`, … */
    put(count: number, more: object = {}) {
      for (let index = 0; index < count; index++) table.put({ id: String(index), ...more });
    },
    start: (more: Partial<StreamMappingSpec> = {}, ports: Partial<StreamMappingPorts> = {}): StreamMapping =>
      startStreamMapping(
        { ...spec, ...more },
        {
          ...{ poller, positions, clock },
          destination: { send: async (arn, body) => void told.push({ arn, ...JSON.parse(body) }) },
          onEvent: (event) => events.push(event),
          functions: {
            async invoke(_name, payload) {
              const { Records } = JSON.parse(payload) as DynamoDBStreamEvent;
              batches.push(Records.map(idOf));
              peak = Math.max(peak, ++running);
              await sleep(clock, runMs);
              const result = await handler(Records);
              running--;
              return result;
            },
          },
          ...ports,
        },
      ),
  };
}
