import { promisify } from "node:util";
import { crc32, gzip, inflateRawSync } from "node:zlib";
import { SegmentError } from "../errors.ts";

/** The header that zlib writes: no name, no extra field. RFC 1952, section 2.3. */
const headerBytes = 10;
/** Checksum and length of what was packed. */
const trailerBytes = 8;
/** A member that says it is larger is none of ours, or a bomb. */
const maxUnpackedBytes = 64 * 1024 * 1024;

const gzipAsync = promisify(gzip);

/** Packs bytes into one gzip member, on a thread of its own. `level` is zlib's: 1 is quick, 9 small. */
export function packMember(bytes: Uint8Array, level: number): Promise<Buffer> {
  return gzipAsync(bytes, { level });
}

/**
 * Unpacks the gzip member that begins at `offset`, and says where the next one does. Any of a row of members can be unpacked
 * alone, which is what makes a segment's blocks blocks. `unpackedBytes`: what it will take, where that is known; one piece of memory
 * is a third quicker than many that are joined. Throws `SegmentError` (`bad-gzip`).
 */
export function unpackMember(
  bytes: Buffer,
  offset: number,
  name: string,
  unpackedBytes?: number,
): { bytes: Buffer; next: number } {
  try {
    if (bytes.readUInt32BE(offset) >>> 8 !== 0x1f8b08 || bytes[offset + 3] !== 0)
      throw new Error("no gzip header");
    const packed = bytes.subarray(offset + headerBytes);
    const { buffer, engine } = inflate(packed, unpackedBytes);
    const trailer = offset + headerBytes + engine.bytesWritten;
    if (bytes.readUInt32LE(trailer) !== crc32(buffer)) throw new Error("its checksum is another");
    return { bytes: buffer, next: trailer + trailerBytes };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SegmentError("bad-gzip", `${name} is damaged at byte ${offset}: ${why}`, { cause });
  }
}

/** With `info`, zlib also tells how much it took; Node's types do not know. */
function inflate(
  packed: Buffer,
  unpackedBytes?: number,
): { buffer: Buffer; engine: { bytesWritten: number } } {
  const options = {
    info: true,
    maxOutputLength: maxUnpackedBytes,
    // A little more, so that it sees its end; a length that is wrong costs time, and nothing else.
    ...(unpackedBytes === undefined ? {} : { chunkSize: Math.min(unpackedBytes, maxUnpackedBytes) + 64 }),
  };
  return inflateRawSync(packed, options) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
}
