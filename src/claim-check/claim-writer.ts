import type { Clock } from "../clock.ts";
import { checkIn, type WireMessage } from "../contract/index.ts";
import { InvalidEventError } from "../errors.ts";
import { claimLimits } from "./claim-limits.ts";
import { claimKey, claimRef, readClaimRef } from "./claim-place.ts";
import type { ClaimStore } from "./ports.ts";

/** Puts the data of large messages where consumers find it. */
export interface ClaimWriter {
  /**
   * A message with a reference in the place of its data. Nothing is stored yet: that is `store`'s part, before the message is
   * sent. Throws `InvalidEventError` (`claim-too-large`) for data that is over what a claim may hold.
   */
  checkIn(message: WireMessage): WireMessage;
  /**
   * Stores the data of a message that `checkIn` made, if it is not stored yet; others pass. Rejects when it could not be stored:
   * the message must not be sent then, and both may be tried again.
   */
  store(message: WireMessage): Promise<void>;
  /**
   * Writes the data of a message that was stored a while ago once more, so that it is kept from now on. Messages without a claim
   * pass, and those whose data is gone. Rejects when the bucket does not answer.
   */
  renew(message: WireMessage): Promise<void>;
  /** Data of a message that is held until it is stored, in bytes. */
  heldBytes(message: WireMessage): number;
}

/** PUTs at once: data of a few MB each fills a function's network with so many. */
const mostPuts = 4;

/**
 * Makes the `ClaimWriter` of a publisher. What is written is written without a condition: under a name that is made of the
 * bytes, whoever writes last has written the same.
 */
export function createClaimWriter({
  bucket,
  store,
  clock,
  maxBytes = claimLimits.defaultBytes,
}: {
  readonly bucket: string;
  readonly store: ClaimStore;
  readonly clock: Clock;
  readonly maxBytes?: number | undefined;
}): ClaimWriter {
  /** By the very message: one that is given up is forgotten with it. */
  const unstored = new WeakMap<WireMessage, { readonly key: string; readonly data: Buffer }>();
  const waiting: (() => void)[] = [];
  let puts = 0;

  const put = async (key: string, data: Buffer) => {
    if (puts >= mostPuts) await new Promise<void>((resolve) => waiting.push(resolve));
    puts++;
    try {
      await store.put(key, data);
    } finally {
      puts--;
      waiting.shift()?.();
    }
  };

  return {
    checkIn(sealed) {
      let key = "";
      const { message, data } = checkIn(sealed, (hash) => {
        key = claimKey(hash, clock.nowMs());
        return claimRef(bucket, key);
      });
      if (data.length > maxBytes) {
        throw new InvalidEventError(
          "claim-too-large",
          `event ${message.id} (${message.type}) has ${data.length} bytes of data; a claim takes ${maxBytes}; keep the file elsewhere and publish its address, or raise maxBytes of the publisher's claims (${claimLimits.maxBytes} at most)`,
        );
      }
      unstored.set(message, { key, data });
      return message;
    },
    async store(message) {
      const claim = unstored.get(message);
      if (!claim) return;
      await put(claim.key, claim.data);
      unstored.delete(message);
    },
    async renew({ body }) {
      if (!body.includes('"dataref"')) return;
      const { dataref } = JSON.parse(body) as { readonly dataref?: unknown };
      const place = typeof dataref === "string" ? readClaimRef(dataref) : undefined;
      if (place?.bucket !== bucket) return;
      const found = await store.get(place.key);
      if (found) await put(place.key, found.body);
    },
    heldBytes: (message) => unstored.get(message)?.data.length ?? 0,
  };
}
