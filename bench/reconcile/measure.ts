import { readFileSync } from "node:fs";
import { bookOf, time } from "./books.ts";
import { counted, noCounts } from "./counted.ts";
import { type ReconcilerName, reconcilers } from "./reconcilers.ts";
import type { Row } from "./row.ts";

async function measure(folder: string, name: ReconcilerName): Promise<Omit<Row, "n" | "d">> {
  const counts = noCounts();
  const [left, right] = (["left", "right"] as const).map((side) => counted(bookOf(folder, side), counts));
  if (!left || !right) throw new Error("a book is missing");
  const timed = async <T>(work: () => Promise<T>) => {
    const beforeMs = performance.now();
    return { answer: await work(), ms: Math.round(performance.now() - beforeMs) };
  };
  const sealing = await timed(async () => {
    await left.seal?.(time);
    await right.seal?.(time);
  });
  const run = await timed(() => reconcilers[name](left, right));
  const peakMemoryMb = peakMemory();
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
    peakMemoryMb,
  };
}

/**
 * The most memory that this program has taken, in MB. `maxRSS` would be that of the process which started it, if that was
 * larger: Linux hands it on to what is executed. (getrusage(2), proc_pid_status(5))
 */
function peakMemory(): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
  if (!found)
    throw new Error("/proc/self/status does not tell the most memory taken: this bench needs Linux");
  return Math.round(Number(found[1]) / 1_024);
}

const [folder = "", name = "ours"] = process.argv.slice(2);
process.send?.(await measure(folder, name as ReconcilerName));
process.disconnect?.();
