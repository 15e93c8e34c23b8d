import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Duration, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus, Reconciler } from "../../lib/index.ts";
import { paymentCaptured } from "./contracts.ts";
import { bucketName, bus as busName, consumer, job, pointsTable, settleMs, spanMs } from "./names.ts";

/** A consumer that gives points for payments, and a reconciliation of both. */
export class PaymentsPointsStack extends Stack {
  constructor(scope: Construct, id: string, { beginMs }: { readonly beginMs: number }) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", {
      name: busName,
      contracts: [paymentCaptured],
      archive: false,
      governor: false,
    });
    const points = new Table(this, "GivenPoints", {
      tableName: pointsTable,
      partitionKey: { name: "payment", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    const { function: gives } = new Consumer(this, consumer.name, {
      bus,
      on: [paymentCaptured],
      entry: new URL("./points.ts", import.meta.url),
      concurrency: 2,
    });
    // The CDK's own classes are none of its interfaces where optional properties are exact.
    const bucket = new Bucket(this, "Statements", { bucketName }) as IBucket;
    const { function: compares } = new Reconciler(this, job, {
      bus,
      bucket,
      entry: new URL("./reconcile-points.ts", import.meta.url),
      // The drill runs it by command, when it is time.
      every: Duration.days(1),
      settle: Duration.millis(settleMs),
      span: Duration.millis(spanMs),
      begin: new Date(beginMs),
    });
    points.grantWriteData(gives);
    points.grantReadWriteData(compares);
    bucket.grantRead(compares);
  }
}
