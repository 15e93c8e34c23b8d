import type { FunctionSpec } from "../../lambda/index.ts";
import { isRecord } from "../assembly/template.ts";
import { codeDirectoryOf } from "./function-code.ts";
import { applied, optionalText, type ResourceType } from "./resource-type.ts";

const runsHere = /^(nodejs|python)\d/;

/** AWS::Lambda::Function. `Ref` is the name. */
export const lambdaFunction: ResourceType = {
  type: "AWS::Lambda::Function",
  properties: {
    FunctionName: applied,
    Runtime: applied,
    Handler: applied,
    Code: applied,
    Environment: applied,
    Timeout: applied,
    MemorySize: applied,
    ReservedConcurrentExecutions: applied,
    PackageType: applied,
    DeadLetterConfig: applied,
    Role: "permissions are not checked here",
    Architectures: "functions run on this machine's own",
    Description: "nothing reads it here",
    Tags: "nothing reads them here",
    TracingConfig: "there is no X-Ray here",
    LoggingConfig: "lines go to the local log",
    VpcConfig: "functions run on this machine",
    KmsKeyArn: "nothing is encrypted on this machine",
    EphemeralStorage: "functions have this machine's disk",
    SnapStart: "environments start at once here",
    RuntimeManagementConfig: "the runtime is this machine's own",
    RecursiveLoop: "loops are not looked for here",
  },
  canUpdate: (before, after) => before.FunctionName === after.FunctionName,
  async place({ properties, defaultName, platform, unsupported }) {
    const name = optionalText(properties.FunctionName) ?? defaultName.slice(0, 64);
    const arn = `arn:aws:lambda:${platform.region}:${platform.account}:function:${name}`;
    const placed = { physicalId: name, attributes: { Arn: arn } };
    const runtime = String(properties.Runtime ?? "container image");
    if (!runsHere.test(runtime)) {
      unsupported(`Runtime ${runtime}: functions in Node.js and Python run here`);
      return placed;
    }
    const code = isRecord(properties.Code) ? properties.Code : {};
    const codeDir = codeDirectoryOf(code, { functionName: name, runtime, platform });
    if (codeDir === undefined) {
      unsupported(`Code ${JSON.stringify(code)}: only assets of the app and inline code are on this machine`);
      return placed;
    }
    if (runtime.startsWith("python")) await platform.requirePython();
    const deadLetterArn = deadLettersOf(properties.DeadLetterConfig, unsupported);
    platform.functions.define({
      ...specOf(properties, { name, arn, runtime, codeDir }),
      ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    });
    return placed;
  },
  async remove({ physicalId }, { functions }) {
    functions.remove(physicalId);
  },
};

function deadLettersOf(config: unknown, unsupported: (what: string) => void): string | undefined {
  const arn = isRecord(config) ? config.TargetArn : undefined;
  if (typeof arn !== "string" || arn.startsWith("arn:aws:sqs:")) return arn as string | undefined;
  unsupported(`DeadLetterConfig ${arn}: only queues take dead letters`);
  return undefined;
}

/** AWS's defaults: 3 s, 128 MB. (aws-resource-lambda-function) */
function specOf(
  properties: Readonly<Record<string, unknown>>,
  { name, arn, runtime, codeDir }: { name: string; arn: string; runtime: string; codeDir: string },
): FunctionSpec {
  const { Environment, Timeout = 3, MemorySize = 128, ReservedConcurrentExecutions: reserved } = properties;
  const variables = isRecord(Environment) && isRecord(Environment.Variables) ? Environment.Variables : {};
  return {
    name,
    arn,
    runtime,
    handler: String(properties.Handler),
    codeDir,
    environment: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
    timeoutMs: Number(Timeout) * 1_000,
    memoryMb: Number(MemorySize),
    ...(reserved === undefined ? {} : { reservedConcurrency: Number(reserved) }),
  };
}
