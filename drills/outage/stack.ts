import { Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "../../lib/index.ts";
import { orderPlaced } from "./contracts.ts";
import { bus as busName, consumer } from "./names.ts";

/** One consumer that charges a partner, with every default: what an outage meets in any app. */
export class OutageStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts: [orderPlaced], archive: false });
    new Consumer(this, consumer.name, {
      bus,
      on: [orderPlaced],
      entry: new URL("./charge.ts", import.meta.url),
    });
  }
}
