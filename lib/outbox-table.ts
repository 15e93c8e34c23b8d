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
import { outboxKeyAttribute, outboxSortAttribute, outboxTableName } from "../src/names.ts";
import { tlsOnly } from "./tls-only.ts";

/**
 * The table `{bus}-outbox`: events that wait to be published.
 *
 * It is kept when its stack goes, and nothing in it expires: what waits there was promised by a transaction, and is nowhere
 * else. Its stream tells the relay of each new row.
 */
export function addOutboxTable(
  scope: Construct,
  {
    bus,
    encryptionKey,
    removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    pointInTimeRecovery = true,
  }: {
    readonly bus: string;
    readonly encryptionKey: IKey | undefined;
    readonly removalPolicy: RemovalPolicy | undefined;
    readonly pointInTimeRecovery: boolean | undefined;
  },
): ITable {
  const table = new Table(scope, "Table", {
    tableName: outboxTableName(bus),
    partitionKey: { name: outboxKeyAttribute, type: AttributeType.STRING },
    sortKey: { name: outboxSortAttribute, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    stream: StreamViewType.NEW_IMAGE,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    removalPolicy,
    resourcePolicy: tlsOnly(),
    ...(encryptionKey ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey } : {}),
  });
  // The CDK's own types are not made for `exactOptionalPropertyTypes`.
  return table as ITable;
}
