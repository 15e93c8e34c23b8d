import { textOf, wordOf } from "../../src/digest/index.ts";
import { bucketOf, type Entry, entryHash, type LedgerSource } from "../../src/reconcile/index.ts";
import { brief, counted, findings, hourMs, startMs } from "./books.ts";

/**
 * A program of its own: compares two books with so many keys in one span of time, and prints what was found and what it took.
 * There is no list of entries anywhere: each is made when it is asked for.
 */
const count = Number(process.argv[2]);
const entryOf = (number: number): Entry => ({
  key: `transfer-${number}`,
  timeMs: startMs + (number % hourMs),
  fields: { cents: number },
});
/** What the right book has in place of an entry: every so many are lost, or another amount. */
const rightOf = (number: number): Entry | undefined => {
  const nth = number % (count / 20);
  return nth === 7 ? undefined : nth === 8 ? { ...entryOf(number), fields: { cents: -1 } } : entryOf(number);
};

/** All numbers in the order of their keys' buckets. */
const places = new Float64Array(count)
  .map((_, number) => bucketOf(entryOf(number).key) * 2 ** 20 + number)
  .sort();
const numberAt = (place: number) => (places[place] ?? 0) % 2 ** 20;
const placeOf = (bucket: number) => {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] ?? 0) < bucket * 2 ** 20) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Words of hashes, summed up from the first place on, and how many entries these are. */
const runningSums = () => ({ words: new Uint32Array((count + 1) * 4), entries: new Uint32Array(count + 1) });
const [left, right] = [runningSums(), runningSums()];
const add = ({ words, entries }: typeof left, place: number, hash: string | undefined) => {
  for (let word = 0; word < 4; word++) {
    words[place * 4 + 4 + word] = (words[place * 4 + word] ?? 0) + (hash ? wordOf(hash, word) : 0);
  }
  entries[place + 1] = (entries[place] ?? 0) + (hash ? 1 : 0);
};
for (let place = 0; place < count; place++) {
  const entry = entryOf(numberAt(place));
  const other = rightOf(numberAt(place));
  const hash = entryHash(entry, hourMs);
  add(left, place, hash);
  add(right, place, other && (other.fields.cents === entry.fields.cents ? hash : entryHash(other, hourMs)));
}

let peakMb = 0;
const bookOf = (
  name: string,
  { words, entries }: typeof left,
  of: (number: number) => Entry | undefined,
): LedgerSource => {
  const some = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, nth) => of(numberAt(from + nth))).flatMap((entry) => entry ?? []);
  return {
    name,
    digest: async (windows) => {
      peakMb = Math.max(peakMb, process.memoryUsage().heapUsed / 2 ** 20);
      return windows.map(({ fromMs, toMs, fromBucket, toBucket }) => {
        const hasIt = fromMs <= startMs && toMs > startMs;
        const [from, to] = hasIt ? [placeOf(fromBucket), placeOf(toBucket)] : [0, 0];
        const sum = Uint32Array.from(
          { length: 4 },
          (_, word) => (words[to * 4 + word] ?? 0) - (words[from * 4 + word] ?? 0),
        );
        return { count: (entries[to] ?? 0) - (entries[from] ?? 0), sum: textOf(sum) };
      });
    },
    entries: async ({ fromBucket, toBucket }) => ({
      entries: some(placeOf(fromBucket), placeOf(toBucket)),
    }),
    lookup: async (keys) =>
      keys.map((key) => [of(Number(key.slice("transfer-".length)))].flatMap((entry) => entry ?? [])),
  };
};

const [one, other] = [counted(bookOf("left", left, entryOf)), counted(bookOf("right", right, rightOf))];
const startedMs = performance.now();
const found = brief(await findings(one.source, other.source));
console.log(
  JSON.stringify({
    found,
    items: one.counts.items + other.counts.items,
    peakMb: Math.round(peakMb),
    ms: Math.round(performance.now() - startedMs),
  }),
);
