import { createHash } from "node:crypto";
import type { StackTemplate } from "../assembly/read-assembly.ts";
import { noValue, resolveCondition, type Scope } from "../assembly/resolve.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import type { Placed } from "../resources/index.ts";

/** What one stack's values are worked out from. */
export interface StackScope extends Scope {
  /** The stack's id, as `AWS::StackId` gives it. */
  readonly stackId: string;
}

/**
 * The scope of a stack. `placed` answers resources that stand already and throws for others; `exported` and
 * `outputOf` answer what the stacks before it give.
 */
export function createScope(
  stack: StackTemplate,
  {
    region,
    account,
    placed,
    exported,
    outputOf,
  }: {
    region: string;
    account: string;
    placed: (logicalId: string) => Placed;
    exported: (name: string) => unknown;
    outputOf: (stack: string, output: string) => unknown;
  },
): StackScope {
  const { Parameters = {}, Conditions = {}, Mappings = {} } = stack.template;
  const id = createHash("sha256").update(stack.name).digest("hex").slice(0, 32);
  const stackId = `arn:aws:cloudformation:${region}:${account}:stack/${stack.name}/${id}`;
  const pseudo: Readonly<Record<string, unknown>> = {
    "AWS::AccountId": account,
    "AWS::NoValue": noValue,
    "AWS::NotificationARNs": [],
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::StackId": stackId,
    "AWS::StackName": stack.name,
    "AWS::URLSuffix": "amazonaws.com",
  };
  const conditions = new Map<string, boolean>();

  const parameter = (name: string): unknown => {
    const { Type, Default } = Parameters[name] ?? { Type: "String" };
    if (Default === undefined) {
      throw new LocalCloudError(
        "parameter-without-default",
        `parameter ${name} of stack ${stack.name} has no default: give it one, there is nobody to ask on this machine`,
      );
    }
    const isList = Type === "CommaDelimitedList" || Type.startsWith("List<");
    return isList
      ? String(Default)
          .split(",")
          .map((item) => item.trim())
      : String(Default);
  };

  const scope: StackScope = {
    region,
    stackId,
    ref(name) {
      if (name in pseudo) return pseudo[name];
      if (name in Parameters) return parameter(name);
      return placed(name).physicalId;
    },
    getAtt(logicalId, attribute) {
      const { attributes } = placed(logicalId);
      if (attribute in attributes) return attributes[attribute];
      throw new LocalCloudError(
        "unsupported-attribute",
        `attribute ${attribute} of ${stack.name}/${logicalId} is not part of the local cloud; it has ${Object.keys(attributes).join(", ") || "none"}`,
      );
    },
    condition(name) {
      const known = conditions.get(name);
      if (known !== undefined) return known;
      if (!(name in Conditions)) {
        throw new LocalCloudError("template-invalid", `stack ${stack.name} has no condition ${name}`);
      }
      const holds = resolveCondition(Conditions[name], scope);
      conditions.set(name, holds);
      return holds;
    },
    findInMap: (map, first, second) => Mappings[map]?.[first]?.[second],
    importValue: exported,
    stackOutput: outputOf,
  };
  return scope;
}
