import { type Contract, dataHash, decodeMessage, openEnvelope } from "../contract/index.ts";
import { ledgerKey } from "../ledger/index.ts";
import type { Delivery, Readable } from "./delivery.ts";
import { replayIdOf } from "./omnibus-attribute.ts";
import type { SqsRecord } from "./sqs-event.ts";

/**
 * Step 1: every record becomes one delivery per event in it. What cannot be read, and what no contract fits, is
 * dead with the reason; nothing that arrives can make this throw. An event that repeats inside the batch follows
 * its first delivery.
 */
export async function decodeRecords(
  records: readonly SqsRecord[],
  contracts: readonly Contract[],
  consumer: string,
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  const firsts = new Map<string, Delivery>();
  for (const record of records) {
    const replayId = replayIdOf(record);
    const decoded = decodeMessage(record.body);
    for (const one of decoded) {
      if (!one.ok) {
        deliveries.push(delivery(record, record.body, undefined, replayId, one.rejection));
        continue;
      }
      const body = decoded.length === 1 ? record.body : JSON.stringify(one.envelope);
      const opening = openEnvelope(one.envelope, contracts);
      const opened = opening instanceof Promise ? await opening : opening;
      if (!opened.ok) {
        deliveries.push(delivery(record, body, undefined, replayId, opened.rejection));
        continue;
      }
      const { contract, event } = opened;
      const key = ledgerKey({ consumer, source: event.source, id: event.id, replayId });
      const next = delivery(
        record,
        body,
        { contract, event, key, hash: dataHash(one.envelope.data) },
        replayId,
      );
      next.follows = firsts.get(key);
      if (!next.follows) firsts.set(key, next);
      deliveries.push(next);
    }
  }
  return deliveries;
}

function delivery(
  record: SqsRecord,
  body: string,
  readable: Readable | undefined,
  replayId: string | undefined,
  rejection?: { code: string; message: string },
): Delivery {
  const receives = Number(record.attributes.ApproximateReceiveCount) || 1;
  return {
    record,
    receives,
    group: record.eventSourceARN.endsWith(".fifo") ? record.attributes.MessageGroupId : undefined,
    replayId,
    body,
    readable,
    follows: undefined,
    attempt: receives,
    takenOver: false,
    claimed: false,
    copied: false,
    started: false,
    handlerMs: 0,
    outcome: rejection && {
      kind: "dead",
      reason: rejection.code,
      error: { name: "Rejected", message: rejection.message },
    },
  };
}
