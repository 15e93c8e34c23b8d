import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sealed } from "./sealed-node.ts";

/** So many entries are put in order in memory, about 10 MB; of more, SQLite does it on disk. */
const entriesHeld = 50_000;

/** Entries that are being sealed, in whatever order they come; told span by span, in the order of their buckets. */
export interface SealingSpool {
  add(span: number, entry: Sealed): Promise<void>;
  /** The entries of a span. */
  of(span: number): Iterable<Sealed>;
  /** Leaves nothing behind. */
  end(): void;
}

/** Makes a spool: it takes little memory, however many entries come and into however few spans. */
export function sealingSpool({ held = entriesHeld }: { readonly held?: number } = {}): SealingSpool {
  const spans = new Map<number, Sealed[]>();
  let count = 0;
  let disk: Awaited<ReturnType<typeof onDisk>> | undefined;
  return {
    async add(span, entry) {
      if (disk) return disk.add(span, entry);
      const known = spans.get(span);
      if (known) known.push(entry);
      else spans.set(span, [entry]);
      if (++count < held) return;
      disk = await onDisk();
      for (const [at, entries] of spans) for (const one of entries) disk.add(at, one);
      spans.clear();
    },
    of: (span) => disk?.of(span) ?? inOrder(spans.get(span) ?? []),
    end: () => disk?.end(),
  };
}

function inOrder(entries: readonly Sealed[]): readonly Sealed[] {
  return entries.toSorted((one, other) => one.bucket - other.bucket);
}

async function onDisk() {
  // Loaded when it is needed: most spans are small.
  const { DatabaseSync } = await import("node:sqlite");
  const folder = mkdtempSync(join(tmpdir(), "omnibus-sealing-"));
  const database = new DatabaseSync(join(folder, "spool.db"));
  database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    CREATE TABLE spool (span INTEGER, bucket INTEGER, entry_key TEXT, hash TEXT);
    BEGIN`);
  const insert = database.prepare("INSERT INTO spool VALUES (?, ?, ?, ?)");
  let isOrdered = false;
  return {
    add: (span: number, { key, bucket, hash }: Sealed) => void insert.run(span, bucket, key, hash),
    *of(span: number): Generator<Sealed> {
      if (!isOrdered) database.exec("CREATE INDEX spool_order ON spool (span, bucket)");
      isOrdered = true;
      const found = database.prepare(
        "SELECT entry_key, bucket, hash FROM spool WHERE span = ? ORDER BY bucket",
      );
      for (const { entry_key, bucket, hash } of found.iterate(span)) {
        yield { key: String(entry_key), bucket: Number(bucket), hash: String(hash) };
      }
    },
    end() {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
