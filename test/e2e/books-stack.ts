import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { type IEventBus, Reconciler } from "../../lib/index.ts";
import { job, settleMs, spanMs, tables } from "./books.ts";

/** Two books, and the reconciliation that compares them every minute. */
export class BooksStack extends Stack {
  constructor(scope: Construct, id: string, bus: IEventBus) {
    super(scope, id);
    const [left, right] = Object.values(tables).map(
      (tableName) =>
        new Table(this, tableName, {
          tableName,
          partitionKey: { name: "id", type: AttributeType.STRING },
          billingMode: BillingMode.PAY_PER_REQUEST,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
    );
    const { function: compares } = new Reconciler(this, job, {
      bus,
      entry: new URL("./books-job.ts", import.meta.url),
      every: Duration.minutes(1),
      settle: Duration.millis(settleMs),
      span: Duration.millis(spanMs),
      // Of this run, and no more than are compared in one go.
      begin: new Date(Math.floor(Date.now() / 60_000) * 60_000 - 20 * 60_000),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    left?.grantReadData(compares);
    right?.grantReadWriteData(compares);
  }
}
