import {
  AttributeType,
  BillingMode,
  type ITable,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { jobsExpiryAttribute, jobsKeyAttribute, jobsSortAttribute, jobsTableName } from "../src/names.ts";
import { tlsOnly } from "./tls-only.ts";

/**
 * The table `{bus}-jobs`: who does each job of the bus, and how far it is.
 *
 * It is kept when its stack goes: progress, open differences and holds are found out once. Its stream wakes who waits for
 * a change.
 */
export function addJobsTable(
  scope: Construct,
  bus: string,
  {
    encryptionKey,
    removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  }: { readonly encryptionKey: IKey | undefined; readonly removalPolicy: RemovalPolicy | undefined },
): ITable {
  const table = new Table(scope, "Jobs", {
    tableName: jobsTableName(bus),
    partitionKey: { name: jobsKeyAttribute, type: AttributeType.STRING },
    sortKey: { name: jobsSortAttribute, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    stream: StreamViewType.NEW_IMAGE,
    timeToLiveAttribute: jobsExpiryAttribute,
    removalPolicy,
    resourcePolicy: tlsOnly(),
    ...(encryptionKey ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey } : {}),
  });
  // The CDK's own types are not made for `exactOptionalPropertyTypes`.
  return table as ITable;
}
