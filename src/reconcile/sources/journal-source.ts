import type { Entry } from "../../digest/index.ts";
import type { LedgerSource } from "../ports.ts";
import type { SealedBook } from "../sealed/sealed-book.ts";
import { sealedSource } from "../sealed/sealed-source.ts";
import type { Selection } from "../sealed/selection.ts";

/** The journal, as far as it tells of one consumer. */
export interface JournalSource extends LedgerSource {
  readonly selection: Selection;
}

/**
 * What a consumer has completed, done or dead, as sealed segments of the journal tell it; keys and fields are those of
 * `archiveSource`. An event that died and was done later is in its lists twice. Looked up it is there once: the ledger is
 * where a key is at home.
 */
export function journalSource({
  name = "journal",
  book,
  consumer,
  handled,
  underWay,
  seal,
}: {
  readonly name?: string;
  readonly book: SealedBook;
  readonly consumer: string;
  /** What the ledger knows as handled of these keys, in the order asked. */
  readonly handled: (keys: readonly string[]) => Promise<readonly (Entry | undefined)[]>;
  readonly underWay?: LedgerSource["underWay"];
  readonly seal?: LedgerSource["seal"];
}): JournalSource {
  const selection: Selection = {
    ofSet: (set) => (isOf(set, consumer) ? "all" : "none"),
    ofLine: ({ entry }) => entry?.set === `{"consumer":${JSON.stringify(consumer)}}`,
  };
  const { digest, entries } = sealedSource({ name, book, selection });
  return {
    name,
    selection,
    digest,
    entries,
    async lookup(keys) {
      const found = await handled(keys);
      return found.map((entry) => (entry ? [entry] : []));
    },
    ...(underWay && { underWay }),
    ...(seal && { seal }),
  };
}

/** Whether a set of the journal is a consumer's. */
export function isOf(set: unknown, consumer: string): boolean {
  return (set as { consumer?: unknown } | null)?.consumer === consumer;
}
