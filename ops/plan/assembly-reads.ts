import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsVariable } from "../../src/env.ts";
import { OmnibusError } from "../../src/errors.ts";
import type { FunctionFacts, MappingFacts, QueueFacts } from "../doctor/facts.ts";
import type { PlanReads } from "./read-consumer.ts";

type Fields = Readonly<Record<string, unknown>>;
interface Resource {
  readonly Type: string;
  readonly Properties?: Fields;
}
type Resources = Readonly<Record<string, Resource>>;

/**
 * The consumers of a synthesized CDK app, read from the templates in its folder (`cdk.out`) as they would be deployed,
 * without asking any cloud. Account and region stand in for what only a deployment knows.
 *
 * Throws `OmnibusError` (`assembly-missing`) when no template is there.
 */
export function assemblyReads(
  directory: string,
  { account = "000000000000", region = "us-east-1" }: { account?: string; region?: string } = {},
): PlanReads {
  const stacks = templatesIn(directory);
  const pseudo = { "AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": "aws" };
  const all = stacks.flatMap((resources) => {
    const text = textOf(resources, pseudo);
    return Object.entries(resources).map(([id, { Type, Properties = {} }]) => ({
      id,
      type: Type,
      properties: Properties,
      text,
    }));
  });
  const functions = all.flatMap(({ type, properties, text }): FunctionFacts[] => {
    const settings = text(at(properties, "Environment", "Variables", settingsVariable));
    if (type !== "AWS::Lambda::Function" || settings === undefined) return [];
    return [
      {
        name: String(text(properties.FunctionName)),
        settings,
        stack: undefined,
        timeoutSeconds: number(properties.Timeout, 3),
        memoryMb: number(properties.MemorySize, 128),
        state: "Active",
        trouble: undefined,
        reservedConcurrency: optionalNumber(properties.ReservedConcurrentExecutions),
      },
    ];
  });
  const queues = all.flatMap(({ type, properties, text }): QueueFacts[] => {
    if (type !== "AWS::SQS::Queue") return [];
    const maxReceiveCount = optionalNumber(at(properties, "RedrivePolicy", "maxReceiveCount"));
    return [
      {
        name: String(text(properties.QueueName)),
        arn: "",
        waiting: 0,
        inFlight: 0,
        visibilitySeconds: number(properties.VisibilityTimeout, 30),
        retentionSeconds: number(properties.MessageRetentionPeriod, 345_600),
        redrive: maxReceiveCount === undefined ? undefined : { targetArn: "", maxReceiveCount },
        policy: undefined,
      },
    ];
  });
  const mappings = all.flatMap(({ id, type, properties, text }) => {
    if (type !== "AWS::Lambda::EventSourceMapping") return [];
    const pollers = at(properties, "ProvisionedPollerConfig");
    const mapping: MappingFacts = {
      uuid: id,
      queueArn: "",
      state: "Enabled",
      batchSize: number(properties.BatchSize, 10),
      windowSeconds: number(properties.MaximumBatchingWindowInSeconds, 0),
      maximumConcurrency: optionalNumber(at(properties, "ScalingConfig", "MaximumConcurrency")),
      pollers: isFields(pollers)
        ? { minimum: number(pollers.MinimumPollers, 2), maximum: number(pollers.MaximumPollers, 200) }
        : undefined,
      partialAnswers: true,
      lastResult: undefined,
    };
    return [{ functionName: text(properties.FunctionName), mapping }];
  });
  return {
    functions: async () => ({ found: functions }),
    mappings: async (name) => ({
      found: mappings.filter(({ functionName }) => functionName === name).map(({ mapping }) => mapping),
    }),
    queue: async (name) => {
      const queue = queues.find((one) => one.name === name);
      return queue ? { found: queue } : { missing: true };
    },
  };
}

function templatesIn(directory: string): readonly Resources[] {
  const names = existsSync(directory)
    ? readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".template.json"),
      )
    : [];
  if (names.length === 0) {
    throw new OmnibusError(
      "assembly-missing",
      `there is no synthesized app in ${directory}: run npx cdk synth first, or give its folder (--app cdk.out)`,
    );
  }
  return names.sort().map((name) => {
    const template: unknown = JSON.parse(readFileSync(join(directory, name), "utf8"));
    return (isFields(template) && isFields(template.Resources) ? template.Resources : {}) as Resources;
  });
}

/** Texts of a template: joined, with the place filled in, and a resource by its own name. */
function textOf(
  resources: Resources,
  pseudo: Readonly<Record<string, string>>,
): (value: unknown) => string | undefined {
  const text = (value: unknown): string | undefined => {
    if (typeof value === "string") return value;
    if (!isFields(value)) return undefined;
    if (typeof value.Ref === "string") {
      const { FunctionName, QueueName } = resources[value.Ref]?.Properties ?? {};
      return pseudo[value.Ref] ?? text(FunctionName ?? QueueName) ?? value.Ref;
    }
    const [separator, parts] = Array.isArray(value["Fn::Join"]) ? value["Fn::Join"] : [];
    return Array.isArray(parts) ? parts.map((part) => text(part) ?? "").join(String(separator)) : undefined;
  };
  return text;
}

function at(fields: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isFields(value) ? value[name] : undefined), fields);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function optionalNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function number(value: unknown, fallback: number): number {
  return optionalNumber(value) ?? fallback;
}
