import type { SQSClient } from "@aws-sdk/client-sqs";
import { dynamoHolds, type Hold, type HoldStore } from "../../src/breaker/index.ts";
import { jobsTableName } from "../../src/names.ts";
import { type CloudReads, settingsOf } from "../doctor/index.ts";
import { plannedLimit } from "../plan/planned-limit.ts";
import { queueDepth, queueUrl } from "../queue-depth.ts";
import { wireTargetFor } from "../wire-target-for.ts";
import type { LagReads } from "./ports.ts";
import { queueFlows } from "./queue-flows.ts";

/** `LagReads` through the AWS SDK; CloudWatch is asked by a signed call with the same client's keys. */
export function sdkLagReads({
  sqs,
  reads,
  holds,
}: {
  readonly sqs: SQSClient;
  readonly reads: Pick<CloudReads, "functions" | "mappings">;
  /** What holds a consumer. @default its bus's table on DynamoDB */
  readonly holds?: (bus: string, consumer: string) => Promise<readonly Hold[]>;
}): LagReads {
  const urls = new Map<string, Promise<string>>();
  const urlOf = (name: string) => {
    const known = urls.get(name) ?? queueUrl(sqs, name);
    known.catch(() => urls.delete(name));
    urls.set(name, known);
    return known;
  };
  const readHolds = holds ?? tableHolds();
  let functions: ReturnType<CloudReads["functions"]> | undefined;
  return {
    depth: async (name) => queueDepth(sqs, await urlOf(name)),

    async reader(name) {
      functions ??= reads.functions();
      // A bus has no hyphen in its name.
      const [bus = "", ...consumer] = name.split("-");
      const [all, mappings, held] = await Promise.all([
        functions,
        reads.mappings(name),
        // Lag is told without them.
        readHolds(bus, consumer.join("-")).catch(() => []),
      ]);
      const [mapping] = "found" in mappings ? mappings.found : [];
      const found = "found" in all ? all.found.find((one) => one.name === name) : undefined;
      const settings = found && settingsOf(found);
      const drainedPerSecond = settings?.drain ? slowestOf(settings.limits ?? []) : undefined;
      return {
        mappingState: mapping?.state,
        isMissing: mapping === undefined && !("denied" in mappings) && !settings?.drain,
        drainedPerSecond,
        reservedConcurrency: found?.reservedConcurrency,
        holds: held,
        lastResult: mapping?.lastResult,
      };
    },

    async flows(queueNames) {
      try {
        const [region, credentials] = await Promise.all([sqs.config.region(), sqs.config.credentials()]);
        return await queueFlows({ target: wireTargetFor(region, credentials), queueNames });
      } catch {
        // Lag is told without it.
        return new Map();
      }
    },
  };
}

/** What the slowest of a consumer's limits lets start, by the lines in its settings. */
function slowestOf(meanings: readonly string[]): number {
  const paces = meanings.map((meaning) => {
    const { count, windowMs } = plannedLimit(meaning);
    return (count * 1_000) / windowMs;
  });
  return Math.min(...paces);
}

function tableHolds(): (bus: string, consumer: string) => Promise<readonly Hold[]> {
  const stores = new Map<string, HoldStore>();
  return async (bus, consumer) => {
    const store = stores.get(bus) ?? dynamoHolds({ table: jobsTableName(bus) });
    stores.set(bus, store);
    return (await store.read([consumer]))[0]?.holds ?? [];
  };
}
