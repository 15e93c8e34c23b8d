import type { Clock } from "../../clock.ts";
import type { LedgerItem, LedgerReader } from "../../ledger/index.ts";
import type { LedgerSource } from "../ports.ts";
import { itemsOf } from "../sources/handled-by.ts";
import type { Waiting } from "./waiting.ts";

/** What the ledger says of an event that is neither done nor dead. */
export type Claimed = {
  /** Its claim may yet come to an end: somebody has it, or it is tried again. */
  readonly mayEnd: boolean;
  readonly text: string;
};

/**
 * What has become of a claim: `undefined` where there is none. While somebody has it, or as long after as retries can last, it
 * may end; later it never will by itself.
 */
export function claimOf(
  item: LedgerItem | undefined,
  { nowMs, longestMs }: { readonly nowMs: number; readonly longestMs: number },
): Claimed | undefined {
  if (item?.state !== "claimed" && item?.state !== "released") return undefined;
  const { lease, attempts, state } = item;
  const runs = `${attempts} ${attempts === 1 ? "run" : "runs"}`;
  if (nowMs <= lease + longestMs) {
    return { mayEnd: true, text: `it is being handled: ${runs} so far, the last one of ${isoOf(lease)}` };
  }
  const hours = Math.floor((nowMs - lease) / 3_600_000);
  const how = state === "claimed" ? "claimed and never ended" : "given back and never claimed again";
  return { mayEnd: false, text: `it was ${how}, ${hours} h ago, after ${runs}` };
}

/**
 * Says of events that a consumer has not handled why they may come yet: somebody is at them, or they wait. Whether one waits goes
 * by when it was published, as it may be dated long before.
 */
export function whereabouts({
  ledger,
  consumer,
  longestMs,
  publishedMs,
  waiting,
  clock,
}: {
  readonly ledger: LedgerReader;
  readonly consumer: string;
  /** How long a consumer's retries last at most. */
  readonly longestMs: number;
  /** When the events of some keys were published, last, in the order asked. */
  readonly publishedMs: (
    keys: readonly string[],
    seenMs: readonly number[],
  ) => Promise<readonly (number | undefined)[]>;
  readonly waiting: Waiting;
  readonly clock: Clock;
}): NonNullable<LedgerSource["underWay"]> {
  return async (keys, seenMs) => {
    const [items, published] = await Promise.all([
      itemsOf(ledger, consumer, keys),
      publishedMs(keys, seenMs),
    ]);
    const nowMs = clock.nowMs();
    return items.map((item, index) => {
      const claim = claimOf(item, { nowMs, longestMs });
      return claim?.mayEnd ? claim.text : waiting(published[index] ?? seenMs[index] ?? 0);
    });
  };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
