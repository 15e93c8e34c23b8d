import type { LocalCloud } from "../local/cloud/index.ts";
import { readSettings } from "../src/env.ts";

/** What runs on this machine, as `bus local --json` prints it. */
export interface CloudDescription {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly stacks: readonly { readonly name: string; readonly outputs: Readonly<Record<string, string>> }[];
  readonly functions: readonly FunctionDescription[];
  readonly queues: readonly string[];
  readonly topics: readonly string[];
  readonly tables: readonly string[];
  /** What the app has and this machine cannot run. */
  readonly unsupported: readonly string[];
}

/** A function, and which consumer of which bus it is, if it is one. */
export interface FunctionDescription {
  readonly name: string;
  readonly bus?: string;
  readonly consumer?: string;
  /** The contracts it handles, `type:version`. */
  readonly on?: readonly string[];
}

/** Puts together what a running cloud holds. */
export async function describeCloud(cloud: LocalCloud): Promise<CloudDescription> {
  const physicalIds = (type: string) =>
    cloud.stacks.flatMap(({ resources }) =>
      resources.filter((resource) => resource.type === type).map(({ physicalId }) => physicalId),
    );
  return {
    endpoint: cloud.endpoint,
    account: cloud.account,
    region: cloud.region,
    stacks: cloud.stacks.map(({ name, outputs }) => ({ name, outputs })),
    functions: cloud.functions.specs().map(({ name, environment }) => {
      const settings = readSettings(environment);
      return settings ? { name, bus: settings.bus, consumer: settings.consumer, on: settings.on } : { name };
    }),
    queues: (await cloud.queues()).map(({ name }) => name),
    topics: physicalIds("AWS::SNS::Topic"),
    tables: physicalIds("AWS::DynamoDB::Table"),
    unsupported: cloud.unsupported.map(String),
  };
}

/** The same for people, with what to try next. */
export function cloudText({ endpoint, account, region, ...has }: CloudDescription): string {
  // The SDKs read AWS_REGION; version 1 of the AWS CLI only the other, and no AWS_ENDPOINT_URL for SQS.
  const environment = `AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`;
  const consumers = has.functions.map(({ name, on }) => (on ? `${name}  ${on.join(", ")}` : name));
  const outputs = has.stacks.flatMap(({ name, outputs: values }) =>
    Object.entries(values).map(([key, value]) => `${name}.${key} = ${value}`),
  );
  return [
    "",
    `endpoint   ${endpoint}   (account ${account}, region ${region})`,
    ...list("functions", consumers),
    ...list("topics", has.topics),
    ...list("queues", has.queues),
    ...list("tables", has.tables),
    ...list("outputs", outputs),
    ...list("not run", has.unsupported),
    "",
    "try        any AWS SDK or CLI, with",
    `             ${environment}`,
    "           for example",
    `             ${environment} aws --endpoint-url ${endpoint} sns list-topics`,
    `             ${environment} aws --endpoint-url ${endpoint} sqs list-queues`,
    "           Save a handler and it is reloaded. Ctrl-C ends everything.",
    "",
  ].join("\n");
}

function list(title: string, entries: readonly string[]): string[] {
  return entries.map((entry, index) => `${(index === 0 ? title : "").padEnd(11)}${entry}`);
}
