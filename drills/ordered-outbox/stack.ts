import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import type { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus, Outbox } from "../../lib/index.ts";
import { rowsBetweenVariable } from "../outbox/names.ts";
import { relayCode } from "../outbox/relay-code.ts";
import { stepWritten } from "./contracts.ts";
import { bookTable, bus as busName, consumers, stepsTable } from "./names.ts";

const [{ name: consumer }] = consumers;

/** A bank's table of steps, an outbox that keeps the order of each account, and one consumer of an ordered topic. */
export class OrderedOutboxStack extends Stack {
  constructor(scope: Construct, id: string, { rowsBetween }: { readonly rowsBetween: number }) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts: [stepWritten], archive: false });
    const { relay } = new Outbox(this, "Outbox", { bus, grace: Duration.seconds(10) });
    const steps = this.#addTable("Steps", stepsTable);
    const book = this.#addTable("Book", bookTable);
    // As it is deployed, but that it says where it is, waits there a moment to be killed, and has poison refused.
    const { s3BucketName, s3ObjectKey } = relayCode(this, new URL("./relay.ts", import.meta.url));
    const made = relay.node.defaultChild as CfnFunction;
    made.handler = "index.handler";
    made.code = { s3Bucket: s3BucketName, s3Key: s3ObjectKey };
    made.addPropertyOverride(`Environment.Variables.${rowsBetweenVariable}`, String(rowsBetween));
    steps.grant(relay, "dynamodb:GetItem");
    const { function: books } = new Consumer(this, consumer, {
      bus,
      on: [stepWritten],
      entry: new URL("./book-step.ts", import.meta.url),
      concurrency: 4,
    });
    book.grant(books, "dynamodb:PutItem", "dynamodb:UpdateItem");
  }

  #addTable(id: string, tableName: string): Table {
    return new Table(this, `${id}Table`, {
      tableName,
      partitionKey: { name: "pk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
