import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, type IEventBus } from "../../lib/index.ts";
import { orderPlaced, sentTable } from "./sms-contract.ts";

/** A consumer that comes later: it sends a text message for each order. */
export class SmsStack extends Stack {
  constructor(scope: Construct, id: string, bus: IEventBus) {
    super(scope, id);
    const sent = new Table(this, "Sent", {
      tableName: sentTable,
      partitionKey: { name: "pk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const consumer = new Consumer(this, "Sms", {
      bus,
      on: [orderPlaced],
      entry: new URL("./sms-handler.ts", import.meta.url),
      concurrency: 2,
      timeout: Duration.seconds(30),
    });
    sent.grant(consumer.function, "dynamodb:UpdateItem");
  }
}
