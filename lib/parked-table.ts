import { AttributeType, BillingMode, type ITable, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { parkedKeyAttribute, parkedSortAttribute, parkedTableName } from "../src/names.ts";
import { tlsOnly } from "./tls-only.ts";

/**
 * The table `{bus}-parked`: which ordered groups wait behind a poison message, and the messages that wait there.
 *
 * It is there wherever a topic is ordered, before any consumer parks, so that one that does changes nothing in the bus's
 * stack; empty, it costs nothing. It is kept as the ledger is: what waits in it is nowhere else.
 */
export function addParkedTable(
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
  const table = new Table(scope, "Parked", {
    tableName: parkedTableName(bus),
    partitionKey: { name: parkedKeyAttribute, type: AttributeType.STRING },
    sortKey: { name: parkedSortAttribute, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    removalPolicy,
    resourcePolicy: tlsOnly(),
    ...(encryptionKey ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey } : {}),
  });
  // The CDK's own types are not made for `exactOptionalPropertyTypes`.
  return table as ITable;
}
