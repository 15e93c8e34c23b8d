import type { Entry } from "../../digest/index.ts";
import { completionTime } from "../../journal/index.ts";
import { type LedgerItem, type LedgerReader, ledgerKey } from "../../ledger/index.ts";

/** Hashes stand in half in segments. */
const hashLength = 32;

/** The ledger's items of a consumer's events, in the order asked: by keys of `source`, line feed, `id`. */
export async function itemsOf(
  ledger: LedgerReader,
  consumer: string,
  keys: readonly string[],
): Promise<readonly (LedgerItem | undefined)[]> {
  const asked = keys.map((key) => {
    const end = key.indexOf("\n");
    return end < 0 ? undefined : ledgerKey({ consumer, source: key.slice(0, end), id: key.slice(end + 1) });
  });
  const items = await ledger.read(asked.flatMap((key) => key ?? []));
  const byKey = new Map(items.map((item) => [item?.key, item]));
  return asked.map((key) => (key === undefined ? undefined : byKey.get(key)));
}

/** The entry of an item whose event has ended, done or dead; `undefined` of all others. */
export function handledEntry(item: LedgerItem | undefined): Entry | undefined {
  if (item?.state !== "done" && item?.state !== "dead") return undefined;
  const { source, id, time, ended, hash, type } = item;
  return {
    key: `${source}\n${id}`,
    // One whose clock runs ahead has happened all the same: it has ended.
    timeMs: Math.min(completionTime(time, ended), ended),
    fields: { hash: hash.slice(0, hashLength), type },
  };
}
