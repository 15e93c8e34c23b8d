import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, type IEventBus, Outbox, Pipeline } from "../../lib/index.ts";
import { keepPromise, orderPromised, promisesTable } from "./promise-contracts.ts";

const entry = (file: string) => new URL(`./${file}.ts`, import.meta.url);

/** An outbox, what books its orders in mode `transaction`, and the stages that they go through. */
export class PromisesStack extends Stack {
  constructor(scope: Construct, id: string, bus: IEventBus) {
    super(scope, id);
    const removalPolicy = RemovalPolicy.DESTROY;
    const promises = new Table(this, "Promises", {
      tableName: promisesTable,
      partitionKey: { name: "pk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy,
    });
    new Outbox(this, "Outbox", { bus, contracts: [orderPromised], removalPolicy });
    const common = { concurrency: 2, timeout: Duration.seconds(30), removalPolicy };
    const books = new Consumer(this, "Book", {
      ...common,
      bus,
      on: [orderPromised],
      entry: entry("book-handler"),
      mode: "transaction",
      // An event by itself: who is killed takes nobody along.
      batchSize: 1,
    });
    const { stages } = new Pipeline(this, "KeepPromise", {
      bus,
      pipeline: keepPromise,
      // They add metrics up, which MiniStack refuses to deploy (docs/emulator-tests.md).
      alarms: false,
      stages: {
        Reserve: { ...common, entry: entry("reserve-handler") },
        Pay: { ...common, entry: entry("pay-handler") },
      },
    });
    for (const one of [books, ...Object.values(stages)]) {
      promises.grant(one.function, "dynamodb:UpdateItem");
    }
  }
}
