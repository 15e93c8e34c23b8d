import { Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus, Pipeline } from "../../lib/index.ts";
import { contracts, fulfilOrder } from "./contracts.ts";
import { bus as busName } from "./names.ts";

const entry = (file: string) => new URL(`./handlers/${file}.ts`, import.meta.url);

/** Five stages with the defaults of every consumer, and one consumer that tells of what was undone. */
export class FulfilStack extends Stack {
  constructor(scope: Construct, id: string, { isNext }: { readonly isNext: boolean }) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts, archive: false });
    new Pipeline(this, "FulfilOrder", {
      bus,
      pipeline: fulfilOrder,
      stages: {
        RiskCheck: { entry: entry("risk-check") },
        LockStock: { entry: entry(isNext ? "lock-stock-next" : "lock-stock") },
        Charge: { entry: entry("charge") },
        // Few at a time: slowed ten-fold, it is slower than orders come.
        Pack: { entry: entry("pack"), parallel: 2 },
        Ship: { entry: entry("ship") },
      },
    });
    new Consumer(this, "Tell", { bus, on: [fulfilOrder.compensated], entry: entry("tell") });
  }
}
