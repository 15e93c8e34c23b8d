import type { Clock } from "../../src/clock.ts";
import type { FunctionHost } from "../lambda/index.ts";
import { type Mapping, sqsQueue, startMapping } from "../mapping/index.ts";
import type { MappingHost } from "./resources/index.ts";

/** Runs event source mappings against the local queues. */
export function createMappingHost({
  endpoint,
  region,
  functions,
  clock,
}: {
  endpoint: string;
  region: string;
  functions: FunctionHost;
  clock: Clock;
}): MappingHost & { stop(): Promise<void> } {
  const running = new Map<string, Mapping>();
  return {
    all: () => [...running.values()],
    get: (uuid) => running.get(uuid),
    async put(spec, queueUrl) {
      const before = running.get(spec.uuid);
      const { enabled, batchSize, windowMs, maximumConcurrency } = spec;
      if (before !== undefined && sameRoute(before.spec, spec)) {
        before.update({ enabled, batchSize, windowMs, maximumConcurrency });
        return;
      }
      await before?.stop();
      const queue = sqsQueue({ endpoint, queueUrl, region });
      running.set(spec.uuid, startMapping(spec, { queue, functions, clock }));
    },
    async remove(uuid) {
      const mapping = running.get(uuid);
      running.delete(uuid);
      await mapping?.stop();
    },
    async stop() {
      const all = [...running.values()];
      running.clear();
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
