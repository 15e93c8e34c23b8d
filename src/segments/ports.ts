/**
 * Where segments lie: a bucket, or what does for one. Keys are ASCII, with `/` between folders.
 *
 * A call that fails throws, and may have been carried out though no answer came. Reads see every write that was answered
 * before them, as S3's do.
 */
export interface ObjectStore {
  /**
   * Writes an object whole, or not at all. With a condition it is written only where that holds: `ifAbsent`: no object has
   * the key; `ifMatch`: the object there still has this etag. `refused`: it did not hold, nothing was written.
   */
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<PutResult>;
  /** An object, or as much of a range of its bytes as there is; `undefined` where no object has the key. */
  get(key: string, range?: ByteRange): Promise<StoredObject | undefined>;
  /** The objects whose keys begin with `prefix`, in the order of their keys' bytes, those behind the key `after` alone. */
  list(prefix: string, options?: ListOptions): AsyncIterable<ListedObject>;
  /**
   * The names of the folders directly under `prefix` (which ends in `/`), in the order of the keys in them, without the `/`;
   * those behind the folder `after` alone. Costs by folders, not by what is in them.
   */
  folders(prefix: string, options?: { readonly after?: string }): AsyncIterable<string>;
  /** Deletes objects, however many; one that is not there is no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** How others find the object: `s3://bucket/key`. */
  urlOf(key: string): string;
}

export interface PutOptions {
  readonly ifAbsent?: boolean;
  readonly ifMatch?: string;
  /** The call is given up after so long, its tries together: then it throws, and nothing of it is written later than it might. */
  readonly patienceMs?: number;
}

export type PutResult = { readonly status: "stored"; readonly etag: string } | { readonly status: "refused" };

/** In bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface StoredObject {
  readonly body: Buffer;
  /** Another one for every other content of the key. */
  readonly etag: string;
}

export interface ListOptions {
  readonly after?: string;
  /** No more than so many. */
  readonly limit?: number;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}
