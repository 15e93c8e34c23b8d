import { hashWords } from "../digest/index.ts";

const wordsPerEntry = 4;
const firstSlots = 1_024;
/** Fuller than this, and a table is made twice as large. */
const maxLoad = 0.75;

/** Identities that were met, as 128 bits of SHA-256 each: some twenty bytes, whatever their length. */
export interface IdentitySet {
  /** Remembers an identity; `false` when it is known. */
  add(identity: string): boolean;
  has(identity: string): boolean;
  /** Whether any was forgotten: then what is not known may have been. */
  readonly isFull: boolean;
}

/**
 * Makes an `IdentitySet` of at most `maxEntries` (4,194,304 unless told): beyond that the half that was met first is
 * forgotten, so that memory is bounded.
 */
export function identitySet(maxEntries = 2 ** 22): IdentitySet {
  let older = table();
  let newer = table();
  let isFull = false;
  const words = new Uint32Array(wordsPerEntry);
  const read = (identity: string) => {
    hashWords(identity, words);
    // All zeros is what an empty slot holds.
    if (words[0] === 0) words[0] = 1;
  };

  return {
    add(identity) {
      read(identity);
      if (older.has(words) || !newer.add(words)) return false;
      if (newer.size() >= maxEntries / 2) {
        isFull ||= older.size() > 0;
        older = newer;
        newer = table();
      }
      return true;
    },
    get isFull() {
      return isFull;
    },
    has(identity) {
      read(identity);
      return older.has(words) || newer.has(words);
    },
  };
}

/** An open table of entries of four words each, in one array. */
function table() {
  let slots = firstSlots;
  let entries = new Uint32Array(slots * wordsPerEntry);
  let size = 0;

  /** Where an entry is, or the free slot where it would be, as `-1 - slot`. */
  const find = (words: Uint32Array): number => {
    for (let slot = (words[3] as number) & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const at = slot * wordsPerEntry;
      if (entries[at] === 0) return -1 - slot;
      if (
        entries[at] === words[0] &&
        entries[at + 1] === words[1] &&
        entries[at + 2] === words[2] &&
        entries[at + 3] === words[3]
      ) {
        return slot;
      }
    }
  };
  const put = (words: Uint32Array): boolean => {
    const slot = find(words);
    if (slot >= 0) return false;
    entries.set(words, (-1 - slot) * wordsPerEntry);
    size++;
    return true;
  };
  const grow = () => {
    const before = entries;
    slots *= 2;
    size = 0;
    entries = new Uint32Array(slots * wordsPerEntry);
    for (let at = 0; at < before.length; at += wordsPerEntry) {
      if (before[at] !== 0) put(before.subarray(at, at + wordsPerEntry));
    }
  };

  return {
    size: () => size,
    has: (words: Uint32Array) => find(words) >= 0,
    add(words: Uint32Array) {
      if (size >= slots * maxLoad) grow();
      return put(words);
    },
  };
}
