import type { SQSEvent, SQSRecord } from "aws-lambda";
import {
  type InMemoryQueueOptions,
  type InvokePort,
  type InvokeResult,
  inMemoryQueue,
  type Mapping,
  type MappingEvent,
  type MappingSpec,
  startMapping,
} from "../../local/mapping/index.ts";
import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { sleep } from "../../src/clock.ts";

/** What a modelled function does with a batch: its answer, or its end. */
export type ModelHandler = (records: readonly SQSRecord[]) => InvokeResult | Promise<InvokeResult>;

export const success: InvokeResult = { status: "ok", payload: "null" };
export const failing = (...ids: (string | null)[]): InvokeResult => ({
  status: "ok",
  payload: JSON.stringify({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }),
});
export const thrown: InvokeResult = { status: "error", kind: "thrown", payload: "{}" };

/** A function in virtual time: how long it runs, how many at once, and what it saw. */
export interface ModelFunction extends InvokePort {
  readonly batches: SQSRecord[][];
  /** Bodies, in the order in which their batches started. */
  readonly bodies: string[];
  readonly peak: number;
}

export function modelFunction(
  clock: VirtualClock,
  options: { handler?: ModelHandler; runMs?: number; reserved?: number; capacity?: number } = {},
): ModelFunction {
  const { handler = () => success, runMs = 10, reserved = Number.POSITIVE_INFINITY, capacity } = options;
  const batches: SQSRecord[][] = [];
  let running = 0;
  let peak = 0;
  return {
    batches,
    get bodies() {
      return batches.flat().map((record) => record.body);
    },
    get peak() {
      return peak;
    },
    async invoke(_name, payload) {
      if (running >= reserved) return { status: "throttled" };
      running++;
      peak = Math.max(peak, running);
      const { Records } = JSON.parse(payload) as SQSEvent;
      batches.push(Records);
      await sleep(clock, runMs);
      const result = await handler(Records);
      running--;
      return result;
    },
    ...(capacity === undefined ? {} : { capacity: () => capacity }),
  };
}

/** A mapping over a modelled queue with dead letters, and a modelled function, all in virtual time. */
export function mappingRig(
  options: {
    spec?: Partial<MappingSpec>;
    queue?: Partial<InMemoryQueueOptions>;
    function?: Parameters<typeof modelFunction>[1];
  } = {},
) {
  const clock = virtualClock();
  const fifo = options.spec?.fifo ?? false;
  const dead = inMemoryQueue({ clock, visibilityTimeoutMs: 30_000, fifo });
  const queue = inMemoryQueue({
    clock,
    visibilityTimeoutMs: 30_000,
    fifo,
    maxReceiveCount: 5,
    deadLetters: dead,
    ...options.queue,
  });
  const functions = modelFunction(clock, options.function);
  const events: MappingEvent[] = [];
  const spec: MappingSpec = {
    uuid: "mapping-1",
    queueArn: `arn:aws:sqs:eu-west-1:123456789012:work${fifo ? ".fifo" : ""}`,
    functionName: "work",
    batchSize: 10,
    windowMs: 0,
    reportBatchItemFailures: true,
    fifo,
    enabled: true,
    ...options.spec,
  };
  return {
    clock,
    queue,
    dead,
    functions,
    events,
    /** Sends bodies `0`, `1`, … */
    send(count: number) {
      for (let index = 0; index < count; index++) queue.send({ body: String(index) });
    },
    /** Sends to an ordered queue; the group is the body's first letter, its first ten the deduplication id. */
    sendOrdered(...bodies: string[]) {
      for (const body of bodies)
        queue.send({ body, groupId: body.slice(0, 1), deduplicationId: body.slice(0, 10) });
    },
    start: (ports: Partial<Parameters<typeof startMapping>[1]> = {}): Mapping =>
      startMapping(spec, { queue, functions, clock, onEvent: (event) => events.push(event), ...ports }),
  };
}
