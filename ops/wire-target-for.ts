import { awsTarget, type WireTarget } from "../src/env.ts";
import { partitionOf } from "../src/names.ts";

const domains: Readonly<Record<string, string>> = { "aws-cn": "amazonaws.com.cn" };

/** Where signed calls go, with the keys that an SDK's client has found. */
export function wireTargetFor(region: string, credentials: WireTarget["credentials"]): WireTarget {
  const { endpoint } = awsTarget();
  const domain = domains[partitionOf(region)] ?? "amazonaws.com";
  return { ...(endpoint === undefined ? {} : { endpoint }), region, domain, credentials };
}
