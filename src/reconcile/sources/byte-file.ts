import type { Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";

/** Bytes that can be streamed, and read in the middle: a file, an object in S3. */
export interface ByteFile {
  /** Another one whenever the bytes may have changed: a date and size, an ETag. */
  version(): Promise<string>;
  /** All bytes of this version. Throws where they are not of it, or not to the end. */
  stream(version: string): AsyncIterable<Uint8Array>;
  /**
   * Reads pieces, each by its offset and length in this version. Throws where the bytes are of another one by now: a line would be
   * taken for what stood in its place.
   */
  read(
    pieces: readonly { readonly offset: number; readonly length: number }[],
    version: string,
  ): Promise<readonly Uint8Array[]>;
}

/** A file of this machine. */
export function localFile(path: string): ByteFile {
  /** Looks at what is open, not at the path: another file may have come there, and this one is still whole. */
  const check = async (file: FileHandle, version: string) => {
    if (versionOf(await file.stat()) !== version)
      throw new Error(`${path} was written anew while it was read`);
  };
  return {
    version: async () => versionOf(await stat(path)),
    async *stream(version) {
      const file = await open(path);
      try {
        await check(file, version);
        yield* file.createReadStream({ highWaterMark: 1 << 18, autoClose: false });
        await check(file, version);
      } finally {
        await file.close();
      }
    },
    async read(pieces, version) {
      const file = await open(path);
      try {
        await check(file, version);
        const found: Uint8Array[] = [];
        for (const { offset, length } of pieces) {
          found.push((await file.read(Buffer.alloc(length), 0, length, offset)).buffer);
        }
        await check(file, version);
        return found;
      } finally {
        await file.close();
      }
    },
  };
}

function versionOf({ mtimeMs, size, ino }: Stats): string {
  return `${mtimeMs} ${size} ${ino}`;
}
