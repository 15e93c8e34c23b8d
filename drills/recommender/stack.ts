import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "../../lib/index.ts";
import { fromContext } from "../frame/from-context.ts";
import { orderCreated } from "../orders/contracts.ts";
import { bus as busName, customersTable, recommend } from "./names.ts";

/** The bus that the order service publishes to. It knows no consumer. */
export class OrdersBusStack extends Stack {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", { name: busName, contracts: [orderCreated], archive: false });
  }
}

/** The recommender: a consumer in Python, and the table of what it knows about customers. */
export class RecommenderStack extends Stack {
  constructor(scope: Construct, id: string, bus: EventBus) {
    super(scope, id);
    const customers = new Table(this, "Customers", {
      tableName: customersTable,
      partitionKey: { name: "customer", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const consumer = new Consumer(this, recommend.name, {
      bus,
      on: [orderCreated],
      language: "python",
      entry: new URL("./handler/recommend.py", import.meta.url),
      // Where each environment is a process of one small machine, fewer are faster: `cdk deploy -c concurrency=2`.
      concurrency: fromContext(this, "concurrency", 10),
      // A handler that is killed shows its events again after six timeouts: the drill waits for that.
      timeout: Duration.seconds(fromContext(this, "timeout-seconds", 3)),
      environment: { CUSTOMERS: customers.tableName },
    });
    customers.grant(consumer.function, "dynamodb:UpdateItem");
  }
}
