import { type IRole, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { settingsVariable } from "../src/env.ts";
import { functionName } from "../src/names.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import type { ConsumerFacts } from "./guards/index.ts";
import { handlerCode } from "./handler-code.ts";

/** The actions that put a function into a network. AWS knows no narrower resource for them than all. */
const networkActions = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** Makes a consumer's function, with a role that can write its own logs and nothing more yet. */
export function addFunction(
  scope: Construct,
  facts: ConsumerFacts,
  settings: string,
  props: ConsumerProps,
): { readonly handler: LambdaFunction; readonly role: IRole } {
  const name = functionName(facts.bus, facts.consumer);
  const logGroup =
    props.logGroup ??
    new LogGroup(scope, "Logs", {
      logGroupName: `/aws/lambda/${name}`,
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  // Of our own: the one that Lambda's policy for everyone comes with may write to any log group.
  const role = new Role(scope, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  if (props.vpc) role.addToPolicy(new PolicyStatement({ actions: networkActions, resources: ["*"] }));

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
