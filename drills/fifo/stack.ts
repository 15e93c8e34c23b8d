import { Duration, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "../../lib/index.ts";
import { balanceMoved } from "./contracts.ts";
import { bus as busName, consumer } from "./names.ts";

/** One consumer that writes accounts' steps down, and parks an account behind a step that cannot be written. */
export class FifoStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts: [balanceMoved], archive: false });
    new Consumer(this, consumer.name, {
      bus,
      on: [balanceMoved],
      entry: new URL("./write-down.ts", import.meta.url),
      onPoison: "park",
      concurrency: 4,
      // What a killed function held shows again after six timeouts: the drill waits for that.
      timeout: Duration.seconds(5),
    });
  }
}
