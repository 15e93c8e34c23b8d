import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "../../lib/index.ts";
import { orderCreated } from "../orders/contracts.ts";
import { bus as busName, consumers, times } from "./names.ts";

/** A bus with an archive, and two consumers that note every order. */
export class ReplayStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", {
      name: busName,
      contracts: [orderCreated],
      archive: {
        span: Duration.minutes(times.spanMinutes),
        window: Duration.seconds(times.windowSeconds),
        timeout: Duration.seconds(times.timeoutSeconds),
        reconcile: false,
      },
    });
    for (const { name, tableName } of consumers) {
      const effects = new Table(this, `${name}Effects`, {
        tableName,
        partitionKey: { name: "pk", type: AttributeType.STRING },
        billingMode: BillingMode.PAY_PER_REQUEST,
        removalPolicy: RemovalPolicy.DESTROY,
      });
      const consumer = new Consumer(this, name, {
        bus,
        on: [orderCreated],
        entry: new URL("./note-order.ts", import.meta.url),
        concurrency: 4,
        timeout: Duration.seconds(10),
        environment: { EFFECTS_TABLE: effects.tableName },
      });
      effects.grant(consumer.function, "dynamodb:PartiQLInsert");
    }
  }
}
