import { type Contract, dataHash, decodeMessage, openEnvelope, type Rejection } from "../contract/index.ts";
import { ledgerKey } from "../ledger/index.ts";
import type { Delivery, Readable } from "./delivery.ts";
import type { Incoming } from "./incoming.ts";
import { replayIdOf } from "./omnibus-attribute.ts";

/**
 * Step 1: every record becomes one delivery per event in it. What cannot be read, and what no contract fits, is
 * dead with the reason; nothing that arrives can make this throw. An event that repeats inside the batch follows
 * its first delivery.
 */
export async function decodeRecords(
  incoming: readonly Incoming[],
  contracts: readonly Contract[],
  consumer: string,
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  const firsts = new Map<string, Delivery>();
  const unfits = new Map<string, Delivery>();
  for (const { record, carrier } of incoming) {
    const replayId = replayIdOf(record);
    const decoded = decodeMessage(record.body);
    const packed = decoded.length > 1;
    for (const [index, one] of decoded.entries()) {
      const about = { record, carrier, index, packed, replayId };
      if (!one.ok) {
        deliveries.push(delivery(about, record.body, one.rejection));
        continue;
      }
      const { envelope } = one;
      const body = packed ? JSON.stringify(envelope) : record.body;
      // Before a validator can lay hands on the data: the hash is of what came.
      const hash = dataHash(envelope.data);
      const { source, id, type, time } = envelope;
      const key = ledgerKey({ consumer, source, id, replayId });
      const opening = openEnvelope(envelope, contracts);
      const opened = opening instanceof Promise ? await opening : opening;
      if (!opened.ok) {
        const unfit = delivery(about, body, opened.rejection);
        deliveries.push(unfit);
        // The ledger takes a key once in a call.
        if (firsts.has(key) || unfits.has(key)) continue;
        unfit.unfit = {
          ...{ key, consumer, source, id, type, time, hash },
          ...(replayId === undefined ? {} : { replay: replayId }),
        };
        unfits.set(key, unfit);
        continue;
      }
      const { contract, event } = opened;
      const next = delivery(about, body, { contract, event, key, hash, replayId });
      const namesake = unfits.get(key);
      if (namesake) namesake.unfit = undefined;
      next.follows = firsts.get(key);
      if (!next.follows) firsts.set(key, next);
      deliveries.push(next);
    }
  }
  return deliveries;
}

function delivery(
  about: Pick<Delivery, "record" | "carrier" | "index" | "packed" | "replayId">,
  body: string,
  found: Readable | Rejection,
): Delivery {
  const { record } = about;
  const receives = Number(record.attributes.ApproximateReceiveCount) || 1;
  const rejection = "code" in found ? found : undefined;
  return {
    ...about,
    receives,
    group: record.eventSourceARN.endsWith(".fifo") ? record.attributes.MessageGroupId : undefined,
    body,
    readable: "code" in found ? undefined : found,
    unfit: undefined,
    follows: undefined,
    attempt: receives,
    takenOver: false,
    claimed: false,
    copied: false,
    started: false,
    handlerMs: 0,
    sending: undefined,
    outcome: rejection && {
      kind: "dead",
      reason: rejection.code,
      error: { name: "Rejected", message: reasonOf(rejection) },
    },
  };
}

/** The reason names the field, wherever in the message it is. */
function reasonOf({ field, message }: Rejection): string {
  return field === "" || message.startsWith(`${field} `) ? message : `${field}: ${message}`;
}
