import type { SQSClient } from "@aws-sdk/client-sqs";
import { awsTarget } from "../../src/env.ts";
import { partitionOf } from "../../src/names.ts";
import type { CloudReads } from "../doctor/index.ts";
import { queueDepth, queueUrl } from "../queue-depth.ts";
import type { LagReads } from "./ports.ts";
import { queueFlows } from "./queue-flows.ts";

const domains: Readonly<Record<string, string>> = { "aws-cn": "amazonaws.com.cn" };

/** `LagReads` through the AWS SDK; CloudWatch is asked by a signed call with the same client's keys. */
export function sdkLagReads({
  sqs,
  reads,
}: {
  readonly sqs: SQSClient;
  readonly reads: Pick<CloudReads, "functions" | "mappings">;
}): LagReads {
  const urls = new Map<string, Promise<string>>();
  const urlOf = (name: string) => {
    const known = urls.get(name) ?? queueUrl(sqs, name);
    known.catch(() => urls.delete(name));
    urls.set(name, known);
    return known;
  };
  let functions: ReturnType<CloudReads["functions"]> | undefined;
  return {
    depth: async (name) => queueDepth(sqs, await urlOf(name)),

    async reader(name) {
      functions ??= reads.functions();
      const [all, mappings] = await Promise.all([functions, reads.mappings(name)]);
      const [mapping] = "found" in mappings ? mappings.found : [];
      const found = "found" in all ? all.found.find((one) => one.name === name) : undefined;
      return {
        mappingState: mapping?.state,
        isMissing: mapping === undefined && !("denied" in mappings),
        reservedConcurrency: found?.reservedConcurrency,
        lastResult: mapping?.lastResult,
      };
    },

    async flows(queueNames) {
      try {
        const [region, credentials] = await Promise.all([sqs.config.region(), sqs.config.credentials()]);
        const { endpoint } = awsTarget();
        const domain = domains[partitionOf(region)] ?? "amazonaws.com";
        const target = { ...(endpoint === undefined ? {} : { endpoint }), region, domain, credentials };
        return await queueFlows({ target, queueNames });
      } catch {
        // Lag is told without it.
        return new Map();
      }
    },
  };
}
