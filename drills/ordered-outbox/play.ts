import { DynamoDBClient, PutItemCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { sleep, systemClock } from "../../src/clock.ts";
import {
  askWitness,
  type LogTally,
  type StagedCloud,
  showProgress,
  stallMs,
  startBus,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { placedFor } from "../outbox/order-of.ts";
import { writeOrders } from "../outbox/write-orders.ts";
import type { Stage } from "../ports.ts";
import { judge, type OrderedOutboxResult } from "./judge.ts";
import { type ConsumerName, consumers, healedKey, outboxTable, stepsTable } from "./names.ts";
import type { OrderedOutboxOptions } from "./options.ts";
import type { Readings } from "./readings.ts";
import { controlOf, poisonOf, stepsOf } from "./steps.ts";

/** How often it is looked at what the outbox holds; and for so long at most when nothing moves: a dead relay's lease, and sweeps. */
const lookMs = 1_000;
const patienceMs = 240_000;

/** What `bus outbox … --json` says, as far as it is looked at here. */
interface ListAnswer {
  readonly outboxes: readonly [
    { readonly standing: readonly { readonly kind: string; readonly name: string }[] },
  ];
}
interface ReleaseAnswer {
  readonly mended: readonly { readonly name: string; readonly status: string }[];
}

/** Has the steps written, waits until poison alone stands, heals and releases it, and has another process read both states. */
export async function play({
  staged: { cloud },
  tally,
  relayKills,
  options: { orders, kills, accounts },
  stage,
}: {
  readonly staged: StagedCloud;
  readonly tally: LogTally<ConsumerName>;
  readonly relayKills: () => number;
  readonly options: Pick<OrderedOutboxOptions, "orders" | "kills" | "accounts">;
  readonly stage: Stage;
}): Promise<OrderedOutboxResult> {
  const { signal } = stage;
  const { endpoint, region } = cloud;
  const place = { endpoint, region, signal };
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const placed = placedFor(orders);
  const published = { orders: 0 };
  const endProgress = showProgress(stage, {
    ...{ consumers, orders: placed, published, backlog, tally },
    kills: relayKills,
  });
  const witness = () => askWitness<Readings>({ script: new URL("./witness.ts", import.meta.url), ...place });
  /** A command as a person would type it, to its end. */
  const command = async <Answer>(...words: readonly string[]): Promise<Answer> => {
    const started = startBus(["outbox", ...words, "--json"], place);
    const code = await started.ended;
    if (code !== 0) throw new Error(`bus outbox ${words.join(" ")} ended with ${code}:\n${started.said()}`);
    return JSON.parse(started.printed().trimEnd().split("\n").at(-1) ?? "") as Answer;
  };
  try {
    const writerKills = await writeOrders({
      script: new URL("./writer.ts", import.meta.url),
      words: [accounts],
      ...{ endpoint, region, placed, kills, signal },
      onWritten: (written) => {
        published.orders = written;
      },
    });
    await untilLeft(client, behindPoison(placed, accounts), signal);
    await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    const before = await witness();
    const { outboxes } = await command<ListAnswer>("list");
    const standing = outboxes[0].standing.map(({ kind, name }) => `${kind} ${name}`);
    stage.say(`${standing.length} accounts stand; healing what they wait for, and releasing them …`);
    await client.send(new PutItemCommand({ TableName: stepsTable, Item: { pk: { S: healedKey } } }));
    const { mended } = await command<ReleaseAnswer>("release", "--all", "--yes");
    const released = mended.filter(({ status }) => status === "released").map(({ name }) => name);
    await untilLeft(client, 0, signal);
    await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    endProgress();
    return judge({
      ...{ placed, accounts, promised: kills, writerKills, relayKills: relayKills() },
      ...{ standing, released, before, after: await witness() },
    });
  } finally {
    endProgress();
    backlog.stop();
    client.destroy();
  }
}

/** How many rows wait when poison alone keeps them. */
function behindPoison(placed: number, accounts: number): number {
  return [...controlOf(stepsOf(placed, accounts))].reduce((rows, [account, { steps }]) => {
    const sequence = poisonOf(account);
    return sequence === undefined ? rows : rows + Math.max(0, steps - sequence + 1);
  }, 0);
}

/** Waits until so many rows are in the outbox, or until nothing moves any more: the witness tells then what is left. */
async function untilLeft(client: DynamoDBClient, wanted: number, signal: AbortSignal): Promise<void> {
  let seen = -1;
  let endMs = 0;
  while (!signal.aborted) {
    let rows = 0;
    const input = {
      TableName: outboxTable,
      FilterExpression: "attribute_exists(body)",
      Select: "COUNT",
    } as const;
    for await (const { Count = 0 } of paginateScan({ client }, input)) rows += Count;
    const nowMs = systemClock.nowMs();
    if (rows !== seen) endMs = nowMs + patienceMs;
    seen = rows;
    if (rows <= wanted || nowMs > endMs) return;
    await sleep(systemClock, lookMs, signal);
  }
}
