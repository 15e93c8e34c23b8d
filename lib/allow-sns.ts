import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Annotations } from "aws-cdk-lib/core";
import type { IConstruct } from "constructs";

/**
 * Lets SNS use a customer's key for what it delivers from these topics to encrypted queues. Without it, every message
 * ends in the undelivered queue. Source: SNS, "Enable compatibility between event sources and encrypted topics".
 */
export function allowSnsToUse(key: IKey, topicArns: readonly string[], scope: IConstruct): void {
  if (topicArns.length === 0) return;
  const { statementAdded } = key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("sns.amazonaws.com")],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      // In a key's own policy: this key.
      resources: ["*"],
      conditions: { ArnEquals: { "aws:SourceArn": [...topicArns] } },
    }),
    true,
  );
  if (statementAdded) return;
  Annotations.of(scope).addWarningV2(
    "omnibus:key-policy",
    `the policy of key ${key.node.path} is kept elsewhere: it must let sns.amazonaws.com call kms:Decrypt and kms:GenerateDataKey, or nothing is delivered`,
  );
}
