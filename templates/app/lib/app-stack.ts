import { Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "omnibus-aws/cdk";
import { busName } from "../bus.ts";
import * as contracts from "../contracts/index.ts";

/** The bus and its consumers. A consumer may also have a stack of its own: then it is deployed alone. */
export class AppStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts: Object.values(contracts) });

    new Consumer(this, "LockStock", { bus, on: [contracts.orderCreated], entry: "lambdas/lock-stock.ts" });
    // "bus new consumer" adds the next one above this line.
  }
}
