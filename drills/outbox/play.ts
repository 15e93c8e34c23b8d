import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { sleep, systemClock } from "../../src/clock.ts";
import {
  askWitness,
  type LogTally,
  type StagedCloud,
  showProgress,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import { judge, type OutboxResult } from "./judge.ts";
import { type ConsumerName, consumers, outboxTable } from "./names.ts";
import type { OutboxOptions } from "./options.ts";
import { placedFor } from "./order-of.ts";
import type { Readings } from "./readings.ts";
import { writeOrders } from "./write-orders.ts";

/** How often it is looked whether the outbox is empty; and in vain for so long at most: two sweeps, and their leases. */
const lookMs = 1_000;
const drainMs = 240_000;

/** Has the orders written, waits until outbox and queues are empty, and has another process read everything back. */
export async function play({
  staged: { cloud },
  tally,
  relayKills,
  options: { orders, kills },
  stage,
}: {
  readonly staged: StagedCloud;
  readonly tally: LogTally<ConsumerName>;
  readonly relayKills: () => number;
  readonly options: Pick<OutboxOptions, "orders" | "kills">;
  readonly stage: Stage;
}): Promise<OutboxResult> {
  const { signal } = stage;
  const { endpoint, region } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const placed = placedFor(orders);
  const published = { orders: 0 };
  const endProgress = showProgress(stage, {
    ...{ consumers, orders: placed, published, backlog, tally },
    kills: relayKills,
  });
  try {
    const writerKills = await writeOrders({
      script: new URL("./writer.ts", import.meta.url),
      ...{ endpoint, region, placed, kills, signal },
      onWritten: (written) => {
        published.orders = written;
      },
    });
    await untilDrained(client, signal);
    await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    endProgress();
    const script = new URL("./witness.ts", import.meta.url);
    const readings = await askWitness<Readings>({ script, endpoint, region, signal });
    const repeats = consumers.reduce((sum, { name }) => sum + tally.of[name].duplicates, 0);
    return judge({ placed, promised: kills, writerKills, relayKills: relayKills(), repeats, readings });
  } finally {
    endProgress();
    backlog.stop();
    client.destroy();
  }
}

/** Waits until nothing is in the outbox, or for so long that something is wrong: the witness tells then what is left. */
async function untilDrained(client: DynamoDBClient, signal: AbortSignal): Promise<void> {
  const endMs = systemClock.nowMs() + drainMs;
  while (!signal.aborted && systemClock.nowMs() < endMs) {
    let rows = 0;
    const input = {
      TableName: outboxTable,
      FilterExpression: "attribute_exists(body)",
      Select: "COUNT",
    } as const;
    for await (const { Count = 0 } of paginateScan({ client }, input)) rows += Count;
    if (rows === 0) return;
    await sleep(systemClock, lookMs, signal);
  }
}
