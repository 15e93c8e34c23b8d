import { type IRole, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type ILogGroup, LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** The actions that put a function into a network. AWS knows no narrower resource for them than all. */
const networkActions = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** A function's log group, and a role that can write to it and nothing more yet, but for its network where it has one. */
export function addFunctionRole(
  scope: Construct,
  {
    functionName,
    logGroup: given,
    logRetention = RetentionDays.ONE_MONTH,
    isInNetwork,
  }: {
    readonly functionName: string;
    readonly logGroup: ILogGroup | undefined;
    readonly logRetention: RetentionDays | undefined;
    readonly isInNetwork: boolean;
  },
): { readonly role: IRole; readonly logGroup: ILogGroup } {
  const logGroup =
    given ??
    new LogGroup(scope, "Logs", {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  // Of our own: the one that Lambda's policy for everyone comes with may write to any log group.
  const role = new Role(scope, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  if (isInNetwork) role.addToPolicy(new PolicyStatement({ actions: networkActions, resources: ["*"] }));
  return { role, logGroup };
}
