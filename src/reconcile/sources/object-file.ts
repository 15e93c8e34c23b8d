import type { ObjectStore, StoredObject } from "../../segments/index.ts";
import type { ByteFile } from "./byte-file.ts";
import { type Piece, reachesOf } from "./reaches.ts";

/** An object of an `ObjectStore` as a file, streamed in ranges: what is in memory is one of them. */
export function objectFile({
  store,
  key,
  rangeBytes = 8 * 2 ** 20,
}: {
  readonly store: ObjectStore;
  readonly key: string;
  readonly rangeBytes?: number;
}): ByteFile {
  const url = store.urlOf(key);
  const get = async (piece: Piece): Promise<StoredObject> => {
    const found = await store.get(key, piece);
    if (!found) throw new Error(`${url} is not there`);
    return found;
  };
  const changed = () => new Error(`${url} was written anew while it was read`);
  const version = async () => (await get({ offset: 0, length: 1 })).etag;

  return {
    version,
    async *stream(asked) {
      for (let offset = 0; ; offset += rangeBytes) {
        const { body, etag } = await get({ offset, length: rangeBytes });
        // A range behind the end has no etag in S3.
        if (body.length > 0 && etag !== asked) throw changed();
        if (body.length > 0) yield body;
        if (body.length < rangeBytes) break;
      }
      // A shorter object may have come, and have ended too early.
      if ((await version()) !== asked) throw changed();
    },
    async read(pieces, asked) {
      const found = new Map<Piece, Uint8Array>();
      for (const { offset, length, pieces: inside } of reachesOf(pieces)) {
        const { body, etag } = await get({ offset, length });
        if (etag !== asked || body.length < length) throw changed();
        for (const piece of inside) {
          const at = piece.offset - offset;
          found.set(piece, body.subarray(at, at + piece.length));
        }
      }
      return pieces.map((piece) => found.get(piece) ?? new Uint8Array(0));
    },
  };
}
