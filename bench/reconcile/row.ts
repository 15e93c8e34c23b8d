/** What one process finds out about one pair of books: by the reconciler first, then by the full comparison. */
export interface Row {
  /** Entries of a book, before differences were injected. */
  readonly n: number;
  /** Differences injected. */
  readonly d: number;
  readonly found: number;
  readonly fullFound: number;
  /** Entries listed or looked up, of both books. */
  readonly itemsRead: number;
  readonly digestsRead: number;
  /** Entries that each book's database read once to seal. */
  readonly sealingReads: number;
  /** Questions and answers as JSON, without sealing. */
  readonly bytes: number;
  readonly ms: number;
  readonly sealingMs: number;
  readonly fullItemsRead: number;
  readonly fullBytes: number;
  readonly fullMs: number;
  /** Of the process, sealing included, until the reconciler was through; books are in files. */
  readonly peakMemoryMb: number;
}

/** The same of two tables in DynamoDB: its own units, as a proxy at the client has added them up. */
export interface DynamoRow {
  readonly n: number;
  readonly d: number;
  readonly found: number;
  readonly fullFound: number;
  readonly itemsRead: number;
  readonly digestsRead: number;
  /** Of the comparison. */
  readonly readUnits: number;
  /** Of sealing the right book, which was sealed before but for the first row of its size. */
  readonly sealingReadUnits: number;
  readonly sealingWriteUnits: number;
  readonly ms: number;
  readonly sealingMs: number;
  /** Of a scan of both tables, eventually consistent: there is no cheaper way to read all. */
  readonly fullReadUnits: number;
  readonly fullMs: number;
  readonly peakMemoryMb: number;
}

/** The same of two tables in PostgreSQL: rows of tables and indexes that it looked at, by the plans of its statements. */
export interface PostgresRow {
  readonly n: number;
  readonly d: number;
  readonly found: number;
  readonly fullFound: number;
  readonly itemsRead: number;
  readonly digestsRead: number;
  /** Of the comparison. */
  readonly rowsScanned: number;
  /** Of sealing the right book, which was sealed before but for the first row of its size. */
  readonly sealingRowsScanned: number;
  readonly ms: number;
  readonly sealingMs: number;
  /** Of reading both tables. */
  readonly fullRowsScanned: number;
  readonly fullMs: number;
}
