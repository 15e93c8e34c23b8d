import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { seededChance } from "../../drills/frame/index.ts";
import { bus, consumers } from "../../drills/orders/consumers.ts";
import { orderCreated } from "../../drills/orders/contracts.ts";
import { type ControlTotals, controlTotals } from "../../drills/orders/control.ts";
import { readOrders } from "../../drills/orders/orders.ts";
import { publishTraffic } from "../../drills/orders/publish-traffic.ts";
import { type Readings, readBack } from "../../drills/orders/readings.ts";
import { type Parcel, traffic } from "../../drills/orders/traffic.ts";
import type { Emulator } from "../../local/emulator/index.ts";
import { systemClock, uuidv7 } from "../../src/clock.ts";
import { sealEvent, type WireMessage } from "../../src/contract/index.ts";
import { createPublisher, snsTopics } from "../../src/publish/index.ts";
import { watchQueues } from "./watch-queues.ts";

const source = "//shop/checkout";

/** One run of orders, and what it left behind. */
export interface Played {
  readonly control: ControlTotals;
  /** All messages sent: orders, the 5 % of them that came twice, and what was sent `again`. */
  readonly messages: readonly WireMessage[];
  readonly readings: Readings;
}

/**
 * Publishes the first orders of the file through SNS, 5 % of them twice, waits until no queue holds anything, and
 * reads effects and dead letters back. Messages of an earlier run may be sent `again`, byte by byte.
 */
export async function playOrders({
  emulator,
  orders,
  again = [],
  signal,
}: {
  readonly emulator: Emulator;
  readonly orders: number;
  readonly again?: readonly WireMessage[];
  readonly signal: AbortSignal;
}): Promise<Played> {
  const sns = new SNSClient(emulator.client);
  const dynamodb = new DynamoDBClient(emulator.client);
  const sqs = new SQSClient(emulator.client);
  const { account, region } = emulator;
  const publisher = createPublisher({ bus, source, account, region, topics: snsTopics({ client: sns }) });
  const queues = watchQueues(emulator, consumers);
  const messages: WireMessage[] = [];
  try {
    const control = await controlTotals(orders);
    await publishTraffic({
      parcels: parcels(orders, again),
      send: (batch) => {
        messages.push(...batch);
        return publisher.send(batch);
      },
      backlog: queues.backlog,
      counts: { orders: 0, duplicates: 0, poison: 0 },
      signal,
    });
    await queues.settled(signal);
    return { control, messages, readings: await readBack({ dynamodb, sqs, waitSeconds: 0 }) };
  } finally {
    queues.stop();
    await publisher.close();
    for (const client of [sns, dynamodb, sqs]) client.destroy();
  }
}

async function* parcels(orders: number, again: readonly WireMessage[]): AsyncGenerator<Parcel> {
  for (const message of again) yield { kind: "duplicate", message };
  yield* traffic({
    orders: readOrders(orders),
    expected: orders,
    seal: (order) =>
      sealEvent(orderCreated, order, { source, id: uuidv7(systemClock), timeMs: systemClock.nowMs() }),
    duplicates: 0.05,
    poison: 0,
    chance: seededChance(1),
  });
}
