import { App, Stack } from "aws-cdk-lib/core";
import { Consumer, EventBus } from "../../lib/index.ts";
import { consumers } from "./consumers.ts";
import { orderCreated } from "./contract.ts";

/** The CDK app of the local bench: one topic, three consumers that do nothing, each with its ledger entries. */
const stack = new Stack(new App(), "bench-local");
const bus = new EventBus(stack, "Bus", { name: "bench", contracts: [orderCreated], archive: false });
for (const name of consumers) {
  new Consumer(stack, name, {
    bus,
    on: [orderCreated],
    entry: new URL("./handler.ts", import.meta.url),
    concurrency: 10,
  });
}
