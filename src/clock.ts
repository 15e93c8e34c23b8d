import { randomFillSync } from "node:crypto";

/**
 * Where time, timers and chance come from: the only door, so that a simulator can stand behind it.
 *
 * Everything in `src/` and `local/` that waits, stamps, jitters or makes an id takes a `Clock`.
 */
export interface Clock {
  /** Wall time in whole milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Calls `fire` once, after `delayMs`; the returned function cancels it (a second call does nothing). */
  after(delayMs: number, fire: () => void): () => void;
  /** A number in [0, 1): jitter, sampling. Not for secrets. */
  random(): number;
  /** Fills `bytes` with chance and returns it: ids and tokens. */
  fill(bytes: Uint8Array): Uint8Array;
}

/** The machine's own time and chance. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  fill: fillFromPool,
};

/** Chance, asked for in advance: one call for 256 ids costs little more than one call for one. */
const pool = new Uint8Array(4_096);
let poolUsed = pool.length;

function fillFromPool(bytes: Uint8Array): Uint8Array {
  if (bytes.length > pool.length / 4) return randomFillSync(bytes);
  if (poolUsed + bytes.length > pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  bytes.set(pool.subarray(poolUsed, poolUsed + bytes.length));
  // What was handed out is forgotten here.
  pool.fill(0, poolUsed, poolUsed + bytes.length);
  poolUsed += bytes.length;
  return bytes;
}

/** Resolves after `delayMs`, or at once when `signal` is aborted: waiting is never an error. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      cancel();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = clock.after(delayMs, wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}

/**
 * A UUIDv7: 48 bits of milliseconds, then chance. Ids made later sort later, millisecond by millisecond.
 * Source: RFC 9562, section 5.7.
 */
export function uuidv7(clock: Clock): string {
  const bytes = clock.fill(new Uint8Array(16));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const nowMs = clock.nowMs();
  view.setUint32(0, Math.floor(nowMs / 2 ** 16));
  view.setUint16(4, nowMs % 2 ** 16);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  return formatUuid(bytes);
}

const digits = Buffer.from("0123456789abcdef");
const dash = "-".charCodeAt(0);
const text = Buffer.alloc(36);

/** Writes 16 bytes the way UUIDs are written: as one piece, for pieces that are joined are kept, each for itself. */
export function formatUuid(bytes: Uint8Array): string {
  for (let index = 0, at = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text[at++] = dash;
    const byte = bytes[index] as number;
    text[at++] = digits[byte >> 4] as number;
    text[at++] = digits[byte & 15] as number;
  }
  return text.toString("latin1");
}
