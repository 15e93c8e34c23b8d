import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { replay } from "../../cli/commands/replay.ts";
import { drillConsumer } from "../../drills/frame/index.ts";
import { bus } from "../../drills/orders/consumers.ts";
import type { Emulator } from "../../local/emulator/index.ts";
import type { WireMessage } from "../../src/contract/index.ts";
import { busHere } from "../helpers/bus-here.ts";
import { sentTable } from "./sms-contract.ts";
import { watchQueues } from "./watch-queues.ts";

/** What `bus replay --json` says, as far as it is looked at here. */
interface ReplayAnswer {
  readonly selected: number;
  readonly replay: { readonly counts: { readonly sent: number } };
}

/** What a replay did to the consumer that came later. */
export interface Replayed {
  readonly selected: number;
  readonly sent: number;
  /** How often it ran, by order, for all that it has ever heard of. */
  readonly runs: Readonly<Record<string, number>>;
}

/** Has `bus replay` send these events to the consumer that came later, and to nobody else; waits until it has handled them. */
export async function replaySome({
  emulator,
  messages,
  signal,
}: {
  readonly emulator: Emulator;
  readonly messages: readonly WireMessage[];
  readonly signal: AbortSignal;
}): Promise<Replayed> {
  const client = new DynamoDBClient(emulator.client);
  const queues = watchQueues(emulator, [drillConsumer(bus, "Sms")]);
  const ids = messages.map(({ id }) => id).join();
  const words = ["replay", "Sms", "--bus", bus, "--id", ids, "--yes", "--json"];
  try {
    const { code, json, err } = await busHere([replay], words, {
      directory: process.cwd(),
      environment: emulator.env,
    });
    if (code !== 0) throw new Error(`bus ${words.join(" ")} ended with ${code}:\n${err}`);
    const { selected, replay: job } = json as ReplayAnswer;
    await queues.settled(signal);
    const runs: Record<string, number> = {};
    for await (const { Items = [] } of paginateScan({ client }, { TableName: sentTable })) {
      for (const item of Items) runs[item.pk?.S ?? ""] = Number(item.runs?.N);
    }
    return {
      ...{ selected, sent: job.counts.sent },
      runs: Object.fromEntries(Object.entries(runs).sort()),
    };
  } finally {
    queues.stop();
    client.destroy();
  }
}

/** The orders that messages tell of. */
export function ordersOf(messages: readonly WireMessage[]): readonly string[] {
  return messages.map(({ body }) => (JSON.parse(body) as { data: { orderId: string } }).data.orderId);
}
