import type { IRole } from "aws-cdk-lib/aws-iam";
import { Architecture, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { settingsVariable } from "../src/env.ts";
import { functionName } from "../src/names.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import { addFunctionRole } from "./function-role.ts";
import type { ConsumerFacts } from "./guards/index.ts";
import { handlerCode } from "./handler-code.ts";

/** Makes a consumer's function, with a role that can write its own logs and nothing more yet. */
export function addFunction(
  scope: Construct,
  facts: ConsumerFacts,
  settings: string,
  props: ConsumerProps,
): { readonly handler: LambdaFunction; readonly role: IRole } {
  const name = functionName(facts.bus, facts.consumer);
  const { role, logGroup } = addFunctionRole(scope, {
    functionName: name,
    logGroup: props.logGroup,
    logRetention: props.logRetention,
    isInNetwork: props.vpc !== undefined,
  });
  const handler = new LambdaFunction(scope, "Function", {
    functionName: name,
    ...handlerCode(scope, facts, props),
    architecture: props.architecture ?? Architecture.ARM_64,
    memorySize: facts.memorySize,
    timeout: facts.timeout,
    environment: { ...props.environment, [settingsVariable]: settings },
    role,
    logGroup,
    ...(props.recursiveLoop === undefined ? {} : { recursiveLoop: props.recursiveLoop }),
    ...(facts.reserved === undefined ? {} : { reservedConcurrentExecutions: facts.reserved }),
    ...(props.vpc ? { vpc: props.vpc } : {}),
    ...(props.vpcSubnets ? { vpcSubnets: props.vpcSubnets } : {}),
    ...(props.securityGroups ? { securityGroups: [...props.securityGroups] } : {}),
  });
  return { handler, role };
}
