import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { awsClient } from "../src/aws-client.ts";
import { awsTarget } from "../src/env.ts";
import { describeError } from "../src/errors.ts";
import { isRealCloud } from "../src/real-cloud.ts";

/** Where this process's AWS calls go. */
export interface Target {
  /** `AWS_ENDPOINT_URL`; without one, AWS itself. */
  readonly endpoint: string | undefined;
  readonly isRealCloud: boolean;
  readonly region: string | undefined;
  /** Whose credentials they are; `undefined` when that could not be found out, and `problem` says why. */
  readonly identity: { readonly account: string; readonly arn: string } | undefined;
  readonly problem: string | undefined;
}

/** Finds out where this process's AWS calls go, and as whom: one call to STS, which changes nothing. Never throws. */
export async function findTarget({
  place = awsTarget(),
  whoAmI = askSts,
}: {
  readonly place?: { readonly endpoint?: string; readonly region?: string };
  readonly whoAmI?: (region: string) => Promise<{ account: string; arn: string }>;
} = {}): Promise<Target> {
  const { endpoint, region } = place;
  const where = { endpoint, region, isRealCloud: isRealCloud(endpoint) };
  if (region === undefined)
    return { ...where, identity: undefined, problem: "no region: AWS_REGION is not set" };
  try {
    return { ...where, identity: await whoAmI(region), problem: undefined };
  } catch (thrown) {
    return { ...where, identity: undefined, problem: describeError(thrown).message };
  }
}

/** The target in one line, for people to read before anything is done. */
export function targetText({ endpoint, isRealCloud, region, identity }: Target): string {
  const place = isRealCloud ? `the real cloud (${endpoint ?? "AWS_ENDPOINT_URL is not set"})` : endpoint;
  return `${place}, account ${identity?.account ?? "unknown"}, region ${region ?? "unknown"}`;
}

async function askSts(region: string): Promise<{ account: string; arn: string }> {
  const client = awsClient(STSClient, { maxAttempts: 2, region });
  try {
    const { Account: account = "unknown", Arn: arn = "unknown" } = await client.send(
      new GetCallerIdentityCommand({}),
    );
    return { account, arn };
  } finally {
    client.destroy();
  }
}
