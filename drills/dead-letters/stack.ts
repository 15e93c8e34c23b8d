import { Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "../../lib/index.ts";
import { parcelReady } from "./contracts.ts";
import { bus as busName, consumer } from "./names.ts";

/** One consumer that hands parcels to a partner. */
export class DeadLettersStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts: [parcelReady], archive: false });
    new Consumer(this, consumer.name, {
      bus,
      on: [parcelReady],
      entry: new URL("./deliver.ts", import.meta.url),
      concurrency: 4,
    });
  }
}
