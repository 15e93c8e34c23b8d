import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Duration, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus, Reconciler } from "../../lib/index.ts";
import { transferDebited } from "./contracts.ts";
import { faultsOfKind } from "./faults.ts";
import {
  accountsTable,
  bus as busName,
  bySpan,
  consumer,
  debitsTable,
  type RunOf,
  reportsBucket,
  statementJob,
  transfersJob,
} from "./names.ts";
import { hourMs, lateAfterMs, spanMs } from "./times.ts";

/** Two banks, the bus between them, and the reconciliation behind. */
export class TransferStack extends Stack {
  constructor(scope: Construct, id: string, run: RunOf) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", {
      name: busName,
      contracts: [transferDebited],
      archive: false,
      governor: false,
    });
    // Of DynamoDB's keys one is the transfer's, so that a repair finds it; the index has what happened in a span.
    const debits = new Table(this, "Debits", {
      tableName: debitsTable,
      partitionKey: { name: "id", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    debits.addGlobalSecondaryIndex({
      indexName: bySpan,
      partitionKey: { name: "span", type: AttributeType.NUMBER },
      sortKey: { name: "at", type: AttributeType.NUMBER },
    });
    new Table(this, "Accounts", {
      tableName: accountsTable,
      partitionKey: { name: "account", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    const bundling = { define: { thisRun: JSON.stringify(run) } };
    new Consumer(this, consumer.name, {
      bus,
      on: [transferDebited],
      entry: new URL("./credit.ts", import.meta.url),
      concurrency: 4,
      // What a killed function held shows again after six timeouts: the drill waits for that.
      timeout: Duration.seconds(5),
      bundling,
    });
    // The CDK's own classes are none of its interfaces where optional properties are exact.
    const bucket = new Bucket(this, "Reports", { bucketName: reportsBucket }) as IBucket;
    const usual = {
      bus,
      bucket,
      bundling,
      // The drill runs them by command, when it is time.
      every: Duration.days(1),
      settle: Duration.seconds(run.settleSeconds),
      span: Duration.millis(spanMs),
      begin: new Date(run.beginMs),
      timeout: Duration.minutes(1),
    };
    const transfers = new Reconciler(this, transfersJob, {
      ...usual,
      entry: new URL("./reconcile-transfers.ts", import.meta.url),
      lateAfter: Duration.millis(lateAfterMs),
      repair: {
        // What bank B lacks is booked by itself; what it has wrong, somebody has to approve of.
        auto: { classes: ["missing-right"], atMost: { differences: 3 * faultsOfKind(run.transfers) } },
        timeout: Duration.seconds(2),
      },
    });
    const statement = new Reconciler(this, statementJob, {
      ...usual,
      entry: new URL("./reconcile-statement.ts", import.meta.url),
      // The other job has told which are late.
      lateAfter: Duration.millis(2 * hourMs),
    });
    for (const { function: job } of [transfers, statement]) debits.grantReadData(job);
  }
}
