import { S3Client } from "@aws-sdk/client-s3";
import { bus } from "../../drills/orders/consumers.ts";
import { type Kept, readKept } from "../../drills/orders/kept.ts";
import type { Emulator } from "../../local/emulator/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import { archiveBucketName } from "../../src/names.ts";
import { s3Objects } from "../../src/segments/index.ts";

const lookMs = 1_000;

/** Reads what archive and journal hold, again and again until all these orders are archived, or `patienceMs` have passed. */
export async function readKeptOf({
  emulator,
  orders,
  signal,
  patienceMs = 60_000,
}: {
  readonly emulator: Emulator;
  readonly orders: number;
  readonly signal: AbortSignal;
  readonly patienceMs?: number;
}): Promise<Kept> {
  const client = new S3Client({ ...emulator.client, forcePathStyle: true });
  const store = s3Objects({ bucket: archiveBucketName(bus, emulator.account, emulator.region), client });
  const beganMs = systemClock.nowMs();
  try {
    for (;;) {
      const kept = await readKept(store);
      if (kept.orders >= orders || systemClock.nowMs() - beganMs >= patienceMs) return kept;
      await sleep(systemClock, lookMs, signal);
      signal.throwIfAborted();
    }
  } finally {
    client.destroy();
  }
}
