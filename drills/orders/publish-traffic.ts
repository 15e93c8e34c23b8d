import type { WireMessage } from "../../src/contract/index.ts";
import type { SendResult } from "../../src/publish/index.ts";
import { type Backlog, backlogCeiling } from "../frame/index.ts";
import type { Parcel } from "./traffic.ts";

/** What has been published so far. */
export interface Published {
  orders: number;
  duplicates: number;
  poison: number;
}

/** Messages handed to the publisher in one go. */
const handful = 100;

/**
 * Publishes all `parcels`, pausing while the consumers are behind; `counts` grows as they are taken. Throws when one
 * was not taken after all the publisher's tries: from then on the totals could not agree.
 */
export async function publishTraffic({
  parcels,
  send,
  backlog,
  counts,
  signal,
}: {
  readonly parcels: AsyncIterable<Parcel>;
  readonly send: (messages: readonly WireMessage[]) => Promise<readonly SendResult[]>;
  readonly backlog: Pick<Backlog, "deepest" | "next">;
  readonly counts: Published;
  readonly signal: AbortSignal;
}): Promise<void> {
  let hand: Parcel[] = [];
  let sinceLook = 0;
  const handOver = async () => {
    const parcelsNow = hand;
    hand = [];
    while (backlog.deepest() + sinceLook >= backlogCeiling && !signal.aborted) {
      await backlog.next();
      sinceLook = 0;
    }
    if (signal.aborted) return;
    const results = await send(parcelsNow.map(({ message }) => message));
    if (signal.aborted) return;
    sinceLook += parcelsNow.length;
    for (const [index, { kind, message }] of parcelsNow.entries()) {
      const result = results[index];
      if (!result?.ok) {
        throw new Error(
          `${message.type} ${message.id} could not be published: ${result?.message ?? "no answer"}`,
        );
      }
      if (kind === "order") counts.orders += 1;
      else if (kind === "duplicate") counts.duplicates += 1;
      else counts.poison += 1;
    }
  };
  for await (const parcel of parcels) {
    hand.push(parcel);
    if (hand.length >= handful) await handOver();
    if (signal.aborted) return;
  }
  if (hand.length > 0) await handOver();
}
