import { bucketOf, type Digest, textOf } from "../../digest/index.ts";

/** What a sealed span knows of an entry: enough for digests, and to find it at home. */
export interface Sealed {
  readonly key: string;
  readonly bucket: number;
  readonly hash: string;
}

const digestBytes = 20;
const hashBytes = 16;
const lengthBytes = 2;

/** Digests one after the other: 4 bytes for the count, 16 for the sum. */
export function packDigests(digests: readonly Digest[]): Uint8Array {
  const packed = Buffer.alloc(digests.length * digestBytes);
  digests.forEach(({ count, sum }, index) => {
    packed.writeUInt32BE(count, index * digestBytes);
    packed.write(sum, index * digestBytes + 4, "hex");
  });
  return packed;
}

export function unpackDigests(packed: Uint8Array): readonly Digest[] {
  const bytes = Buffer.from(packed);
  return Array.from({ length: bytes.length / digestBytes }, (_, index) => {
    const at = index * digestBytes;
    const words = Uint32Array.from([0, 1, 2, 3], (word) => bytes.readUInt32BE(at + 4 + word * 4));
    return { count: bytes.readUInt32BE(at), sum: textOf(words) };
  });
}

/** How many bytes an entry takes when it is packed. */
export function sealedBytes({ key }: Pick<Sealed, "key">): number {
  return hashBytes + lengthBytes + Buffer.byteLength(key);
}

/** Entries one after the other: 16 bytes of the hash, 2 for the length of the key, the key in UTF-8. */
export function packSealed(entries: readonly Sealed[]): Uint8Array {
  const packed = Buffer.alloc(entries.reduce((sum, entry) => sum + sealedBytes(entry), 0));
  let at = 0;
  for (const { key, hash } of entries) {
    packed.write(hash, at, "hex");
    const length = packed.write(key, at + hashBytes + lengthBytes);
    packed.writeUInt16BE(length, at + hashBytes);
    at += hashBytes + lengthBytes + length;
  }
  return packed;
}

export function unpackSealed(packed: Uint8Array): readonly Sealed[] {
  const bytes = Buffer.from(packed);
  const entries: Sealed[] = [];
  for (let at = 0; at < bytes.length; ) {
    const keyAt = at + hashBytes + lengthBytes;
    const end = keyAt + bytes.readUInt16BE(at + hashBytes);
    const key = bytes.toString("utf8", keyAt, end);
    entries.push({ key, bucket: bucketOf(key), hash: bytes.toString("hex", at, at + hashBytes) });
    at = end;
  }
  return entries;
}
