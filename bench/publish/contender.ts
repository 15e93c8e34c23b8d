import { order } from "../consume/order.ts";
import { contend } from "../frame/contender.ts";
import type { Order } from "./order-event.ts";

/** Publishes all of `orders`; resolves when the topic has taken every one. */
export type PublishOrders = (orders: readonly Order[]) => Promise<unknown>;

/** Each contender loads what is its own and nothing else. */
const contenders: Readonly<Record<string, () => Promise<PublishOrders>>> = {
  ours: async () => (await import("./ours.ts")).ours(),
  sdkOneByOne: async () => (await import("./sdk-one-by-one.ts")).sdkOneByOne(),
  sdkBatch: async () => (await import("./sdk-batch.ts")).sdkBatch(),
  messageQueueToolkit: async () => (await import("./message-queue-toolkit.ts")).messageQueueToolkit(),
};

if (import.meta.main) {
  const make = contenders[process.argv[2] ?? ""];
  if (!make) throw new Error(`no contender ${process.argv[2]}: there are ${Object.keys(contenders)}`);
  const publish = await make();
  let orders: Order[] = [];

  contend({
    prepare: (count) => {
      orders = Array.from({ length: count }, (_, serial) => order(serial));
    },
    work: async () => {
      await publish(orders);
    },
  });
}
