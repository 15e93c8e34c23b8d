import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus, Outbox } from "../../lib/index.ts";
import { orderWritten } from "./contracts.ts";
import { bus as busName, consumers, effectsTableOf, ordersTable, rowsBetweenVariable } from "./names.ts";
import { relayCode } from "./relay-code.ts";

const entries = {
  Points: new URL("./handlers/points.ts", import.meta.url),
  Ship: new URL("./handlers/ship.ts", import.meta.url),
};

/** A shop's table of orders, an outbox beside it, and two consumers of what it promises. */
export class OutboxStack extends Stack {
  constructor(scope: Construct, id: string, { rowsBetween }: { readonly rowsBetween: number }) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts: [orderWritten], archive: false });
    const outbox = new Outbox(this, "Outbox", { bus, grace: Duration.seconds(10) });
    this.#tellCrashPoints(outbox, rowsBetween);
    this.#addTable("Orders", ordersTable);
    for (const { name } of consumers) {
      const effects = this.#addTable(`${name}Effects`, effectsTableOf(name));
      const consumer = new Consumer(this, name, {
        bus,
        on: [orderWritten],
        entry: entries[name],
        environment: { EFFECTS_TABLE: effects.tableName },
      });
      // Effects are put by PartiQL, and only put.
      effects.grant(consumer.function, "dynamodb:PartiQLInsert");
    }
  }

  /** The relay as it is deployed, but that it says where it is, and waits there a moment to be killed. */
  #tellCrashPoints({ relay }: Outbox, rowsBetween: number): void {
    const { s3BucketName, s3ObjectKey } = relayCode(this, new URL("./crashing-relay.ts", import.meta.url));
    const made = relay.node.defaultChild as CfnFunction;
    made.handler = "index.handler";
    made.code = { s3Bucket: s3BucketName, s3Key: s3ObjectKey };
    made.addPropertyOverride(`Environment.Variables.${rowsBetweenVariable}`, String(rowsBetween));
  }

  #addTable(id: string, tableName: string): Table {
    return new Table(this, id, {
      tableName,
      partitionKey: { name: "pk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
