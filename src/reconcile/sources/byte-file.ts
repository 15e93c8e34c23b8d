import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";

/** Bytes that can be streamed, and read in the middle: a file, an object in S3. */
export interface ByteFile {
  /** Another one whenever the bytes may have changed: a date and size, an ETag. */
  version(): Promise<string>;
  stream(): AsyncIterable<Uint8Array>;
  /** Reads pieces, each by its offset and length. */
  read(
    pieces: readonly { readonly offset: number; readonly length: number }[],
  ): Promise<readonly Uint8Array[]>;
}

/** A file of this machine. */
export function localFile(path: string): ByteFile {
  return {
    version: async () => {
      const { mtimeMs, size, ino } = await stat(path);
      return `${mtimeMs} ${size} ${ino}`;
    },
    stream: () => createReadStream(path, { highWaterMark: 1 << 18 }),
    read: async (pieces) => {
      const file = await open(path);
      try {
        const found: Uint8Array[] = [];
        for (const { offset, length } of pieces) {
          const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
          if (bytesRead < length)
            throw new Error(`${path} ends at byte ${offset + bytesRead}: it was cut meanwhile`);
          found.push(buffer);
        }
        return found;
      } finally {
        await file.close();
      }
    },
  };
}
