import { Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { EventBus, Pipeline } from "omnibus-aws/cdk";
import { fulfilOrder, orderCreated, orderPaid, riskPassed, stockLocked } from "../contracts/fulfil-order.ts";

/** The bus and the pipeline: a queue, a function, dead letters and an alarm for each stage. */
export class FulfilOrderStack extends Stack {
  constructor(scope: Construct, id: string, busName: string) {
    super(scope, id);
    const contracts = [orderCreated, riskPassed, stockLocked, orderPaid];
    const bus = new EventBus(this, "Bus", { name: busName, contracts });

    new Pipeline(this, "FulfilOrder", {
      bus,
      pipeline: fulfilOrder,
      stages: {
        RiskCheck: { entry: new URL("../lambdas/risk-check.ts", import.meta.url) },
        LockStock: { entry: new URL("../lambdas/lock-stock.ts", import.meta.url), concurrency: 20 },
        Charge: { entry: new URL("../lambdas/charge.ts", import.meta.url), concurrency: 5 },
      },
    });
  }
}
