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
import { Construct } from "constructs";
import { ledgerExpiryAttribute, ledgerKeyAttribute, ledgerTableName } from "../src/names.ts";
import { enforce, nameGuards } from "./guards/index.ts";
import { tlsOnly } from "./tls-only.ts";

export interface LedgerProps {
  /** The bus whose consumers keep their books here. */
  readonly bus: string;

  /**
   * A key of yours.
   * @default DynamoDB's own key: encrypted at rest, without a request to KMS for each of ours
   */
  readonly encryptionKey?: IKey;

  /**
   * What becomes of the table when its stack goes.
   * @default RETAIN_ON_UPDATE_OR_DELETE: a bus without its memory would repeat effects; a failed creation leaves nothing
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether any second of the last 35 days can be restored.
   * @default true: what was done cannot be found out any other way
   */
  readonly pointInTimeRecovery?: boolean;
}

/**
 * The table `{bus}-ledger`: what each consumer has claimed and done.
 *
 * An `EventBus` has one. Consumers in another account or region than their bus write to a ledger where they run: put
 * one there, once. When it has an `encryptionKey`, name that to those consumers as `ledgerKey`.
 *
 * A `Table`, not a `TableV2`: one region is enough for what stands beside its functions, and every stand-in for AWS
 * knows `AWS::DynamoDB::Table`.
 */
export class Ledger extends Construct {
  readonly table: ITable;

  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id);
    enforce(nameGuards, { bus: props.bus, topics: [] }, { subject: `Ledger ${this.node.path}` });
    const table = new Table(this, "Table", {
      tableName: ledgerTableName(props.bus),
      partitionKey: { name: ledgerKeyAttribute, type: AttributeType.STRING },
      // Nobody can plan the capacity of a table that follows every consumer's backlog.
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: ledgerExpiryAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.pointInTimeRecovery ?? true },
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      resourcePolicy: tlsOnly(),
      ...(props.encryptionKey
        ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: props.encryptionKey }
        : {}),
    });
    // The CDK's own types are not made for `exactOptionalPropertyTypes`.
    this.table = table as ITable;
  }
}
