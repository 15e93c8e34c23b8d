/**
 * How far a shard is done with, where its records end in any order: the position behind the last record before which all
 * are settled.
 */
export interface Progress<Entry> {
  /** In the order of the shard. */
  add(entry: Entry): void;
  /** Handled, filtered out or discarded; each once. */
  settle(entries: readonly Entry[]): void;
  /** Added and not settled. */
  readonly open: number;
}

/** `reached` is called with each new position. */
export function createProgress<Entry extends { readonly position: string }>(
  reached: (position: string) => void,
): Progress<Entry> {
  let line: Entry[] = [];
  let head = 0;
  let open = 0;
  const settled = new Set<Entry>();
  return {
    add(entry) {
      line.push(entry);
      open++;
    },
    settle(entries) {
      for (const entry of entries) settled.add(entry);
      open -= entries.length;
      let position: string | undefined;
      for (let first = line[head]; first !== undefined && settled.delete(first); first = line[++head]) {
        position = first.position;
      }
      if (head > 1_000) {
        line = line.slice(head);
        head = 0;
      }
      if (position !== undefined) reached(position);
    },
    get open() {
      return open;
    },
  };
}
