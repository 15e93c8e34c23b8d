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
