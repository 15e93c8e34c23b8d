import { Duration, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "../../lib/index.ts";
import { backEnd, orderPlaced } from "./contracts.ts";
import { bus as busName, consumer } from "./names.ts";
import { size } from "./options.ts";

/** One consumer between a burst of orders and a back end that takes so many a second. */
export class PeakStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts: [orderPlaced], archive: false });
    new Consumer(this, consumer.name, {
      bus,
      on: [orderPlaced],
      entry: new URL("./book-order.ts", import.meta.url),
      limits: [backEnd],
      concurrency: size.concurrency,
      batchSize: size.batchSize,
      batchWindow: Duration.millis(size.batchWindowMs),
    });
  }
}
