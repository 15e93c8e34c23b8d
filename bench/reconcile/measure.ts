import { bookOf } from "./books.ts";
import { counted, noCounts } from "./counted.ts";
import { peakMemoryMb } from "./peak-memory.ts";
import { type ReconcilerName, reconcilers } from "./reconcilers.ts";
import type { Row } from "./row.ts";
import { timed } from "./timed.ts";
import { sides, time } from "./transfers.ts";

async function measure(folder: string, name: ReconcilerName): Promise<Omit<Row, "n" | "d">> {
  const counts = noCounts();
  const [left, right] = sides.map((side) => counted(bookOf(folder, side), counts));
  if (!left || !right) throw new Error("a book is missing");
  const sealing = await timed(async () => {
    await left.seal?.(time);
    await right.seal?.(time);
  });
  const run = await timed(() => reconcilers[name](left, right));
  const peakMb = peakMemoryMb();
  const our = { ...counts };
  Object.assign(counts, noCounts());
  const full = await timed(() => reconcilers.fullCompare(left, right));
  return {
    found: run.answer,
    fullFound: full.answer,
    itemsRead: our.items,
    digestsRead: our.digests,
    sealingReads: our.sealed,
    bytes: our.bytes,
    ms: run.ms,
    sealingMs: sealing.ms,
    fullItemsRead: counts.items,
    fullBytes: counts.bytes,
    fullMs: full.ms,
    peakMemoryMb: peakMb,
  };
}

const [folder = "", name = "ours"] = process.argv.slice(2);
process.send?.(await measure(folder, name as ReconcilerName));
process.disconnect?.();
