import {
  type Contract,
  claimOf,
  type Decoded,
  decodeMessage,
  envelopeHash,
  openEnvelope,
  type Rejection,
} from "../contract/index.ts";
import { ledgerKey } from "../ledger/index.ts";
import type { Delivery, Readable } from "./delivery.ts";
import type { Incoming } from "./incoming.ts";
import { replayIdOf } from "./omnibus-attribute.ts";
import type { Outcome } from "./outcome.ts";
import type { ClaimedEnvelope, Redeemed } from "./redeem-claims.ts";

/** What the records are read with. */
export interface DecodeOptions {
  readonly contracts: readonly Contract[];
  readonly consumer: string;
  /** Reads data that lies elsewhere. Absent where nothing is run: such events then go back unread. */
  readonly redeem: ((claimed: readonly ClaimedEnvelope[]) => Promise<readonly Redeemed[]>) | undefined;
}

/**
 * Step 1: every record becomes one delivery per event in it, with its data, wherever that lies. What cannot be read, and what
 * no contract fits, is dead with the reason; nothing that arrives can make this throw. An event that repeats inside the batch
 * follows its first delivery.
 */
export async function decodeRecords(
  incoming: readonly Incoming[],
  { contracts, consumer, redeem }: DecodeOptions,
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  const firsts = new Map<string, Delivery>();
  const unfits = new Map<string, Delivery>();
  const messages = incoming.map(({ record }) => decodeMessage(record.body));
  const redeemed = await redeemAll(incoming, messages, redeem);
  for (const [place, { record, carrier }] of incoming.entries()) {
    const replayId = replayIdOf(record);
    const decoded = messages[place] ?? [];
    const packed = decoded.length > 1;
    for (const [index, one] of decoded.entries()) {
      const about = { record, carrier, index, packed, replayId };
      if (!one.ok) {
        deliveries.push(delivery(about, record.body, one.rejection));
        continue;
      }
      const { envelope } = one;
      const body = packed ? JSON.stringify(envelope) : record.body;
      const whole: Redeemed = redeemed.get(one) ?? one;
      if ("later" in whole) {
        deliveries.push(delivery(about, body, whole.later));
        continue;
      }
      // Before a validator can lay hands on the data: the hash is of what came.
      const hash = envelopeHash(envelope);
      const { source, id, type, time } = envelope;
      const key = ledgerKey({ consumer, source, id, replayId });
      const opening = whole.ok ? openEnvelope(whole.envelope, contracts) : whole;
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

/** What became of each event whose data lies elsewhere: read all together, since each takes a call. */
async function redeemAll(
  incoming: readonly Incoming[],
  messages: readonly (readonly Decoded[])[],
  redeem: DecodeOptions["redeem"],
): Promise<ReadonlyMap<Decoded, Redeemed>> {
  const found: Decoded[] = [];
  const claimed: ClaimedEnvelope[] = [];
  for (const [place, { record }] of incoming.entries()) {
    for (const one of messages[place] ?? []) {
      const claim = one.ok ? claimOf(one.envelope) : undefined;
      if (!one.ok || !claim) continue;
      found.push(one);
      claimed.push({ envelope: one.envelope, claim, receives: receivesOf(record) });
    }
  }
  if (claimed.length === 0) return new Map();
  const unread: Redeemed = { later: { kind: "retry", reason: "hold", delayMs: 0 } };
  const results = redeem ? await redeem(claimed) : claimed.map(() => unread);
  return new Map(found.map((one, index) => [one, results[index] ?? unread]));
}

function receivesOf({ attributes }: Incoming["record"]): number {
  return Number(attributes.ApproximateReceiveCount) || 1;
}

function delivery(
  about: Pick<Delivery, "record" | "carrier" | "index" | "packed" | "replayId">,
  body: string,
  found: Readable | Rejection | Outcome,
): Delivery {
  const { record } = about;
  const receives = receivesOf(record);
  return {
    ...about,
    receives,
    group: record.eventSourceARN.endsWith(".fifo") ? record.attributes.MessageGroupId : undefined,
    body,
    readable: "event" in found ? found : undefined,
    unfit: undefined,
    follows: undefined,
    attempt: receives,
    takenOver: false,
    claimed: false,
    copied: false,
    started: false,
    handlerMs: 0,
    sending: undefined,
    outcome: outcomeOf(found),
  };
}

function outcomeOf(found: Readable | Rejection | Outcome): Outcome | undefined {
  if ("kind" in found) return found;
  if ("event" in found) return undefined;
  return { kind: "dead", reason: found.code, error: { name: "Rejected", message: reasonOf(found) } };
}

/** The reason names the field, wherever in the message it is. */
function reasonOf({ field, message }: Rejection): string {
  return field === "" || message.startsWith(`${field} `) ? message : `${field}: ${message}`;
}
