import { classify, compare, type Entry, type LedgerSource, wholeSpan } from "../../src/reconcile/index.ts";
import { spanMs, time } from "./transfers.ts";

/** Compares two books and answers how many differences they have. */
export type Reconciler = (left: LedgerSource, right: LedgerSource) => Promise<number>;

const options = { spanMs, lateAfterMs: spanMs, settledBeforeMs: time.toMs };

async function ours(left: LedgerSource, right: LedgerSource): Promise<number> {
  let found = 0;
  for await (const finding of compare(left, right, wholeSpan(time.fromMs, time.toMs), options)) {
    if ("unknown" in finding) throw finding.fault;
    if ("difference" in finding) found++;
  }
  return found;
}

/**
 * Reads everything of both books, hour by hour: what people write by hand. Keys that one hour disagrees about are looked
 * up, as they may be in another.
 */
async function fullCompare(left: LedgerSource, right: LedgerSource): Promise<number> {
  const suspects = new Set<string>();
  for (let fromMs = time.fromMs; fromMs < time.toMs; fromMs += spanMs) {
    const [one, other] = [await texts(left, fromMs), await texts(right, fromMs)];
    for (const key of new Set([...one.keys(), ...other.keys()])) {
      if (one.get(key) !== other.get(key)) suspects.add(key);
    }
  }
  const keys = [...suspects];
  const [lefts, rights] = [await left.lookup(keys), await right.lookup(keys)];
  return keys.filter((key, index) => classify(key, lefts[index] ?? [], rights[index] ?? [], options)).length;
}

async function texts(source: LedgerSource, fromMs: number): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const add = ({ key, fields }: Entry) => found.set(key, `${found.get(key) ?? ""}${JSON.stringify(fields)}`);
  let cursor: string | undefined;
  do {
    const page = await source.entries(wholeSpan(fromMs, fromMs + spanMs), cursor);
    page.entries.forEach(add);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

export const reconcilers = { ours, fullCompare };
export type ReconcilerName = keyof typeof reconcilers;
