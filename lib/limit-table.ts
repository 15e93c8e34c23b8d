import { AttributeType, BillingMode, type ITable, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { limitExpiryAttribute, limitKeyAttribute, limitsTableName } from "../src/names.ts";
import { tlsOnly } from "./tls-only.ts";

/**
 * The table `{bus}-limits`: when the next start of each rate is due, and what is spent of each quota.
 *
 * It goes with its stack: what it holds is seconds old, a quota's bucket at most a day. It is there before any limit is,
 * so that a limited consumer changes nothing in the bus's stack.
 */
export function addLimitTable(scope: Construct, bus: string, encryptionKey: IKey | undefined): ITable {
  const table = new Table(scope, "Limits", {
    tableName: limitsTableName(bus),
    partitionKey: { name: limitKeyAttribute, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: limitExpiryAttribute,
    removalPolicy: RemovalPolicy.DESTROY,
    resourcePolicy: tlsOnly(),
    ...(encryptionKey ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey } : {}),
  });
  // The CDK's own types are not made for `exactOptionalPropertyTypes`.
  return table as ITable;
}
