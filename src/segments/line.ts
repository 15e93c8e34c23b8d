/** One line of a kind, with what sealing needs to know of it. `bytes` has no line feed. */
export interface Line {
  readonly bytes: Buffer;
  /** Its effective time, in milliseconds since the epoch: what lines are sorted by. */
  readonly timeMs: number;
  /** Two lines with the same identity are the same thing, told twice. */
  readonly identity: string;
  /** Which of two with the same time and identity comes first, and so stays. */
  readonly order: string;
  /** Its event's type; `undefined` of what is no event. */
  readonly type: string | undefined;
  /** Whether its effective time is not its own. */
  readonly odd: boolean;
  /** What digests are made of; `undefined` of what is in none: it is no event, or a replay's. */
  readonly entry: LineEntry | undefined;
  /** Of a raw line that stands for several: makes them. Their times lie at its own or after it. */
  readonly expand?: () => readonly Line[];
}

/** A line as an entry of a digest: `entryHash({ key, timeMs, fields })`. */
export interface LineEntry {
  readonly key: string;
  /** Canonical JSON. */
  readonly fields: string;
  /** What a filter would look at, as canonical JSON; equal for lines that no filter could tell apart. */
  readonly set: string;
}

/** What lines are sorted by. */
export type PlacedLine = Pick<Line, "bytes" | "timeMs" | "identity" | "order">;

/** The order of lines in every object: by effective time, then identity, then which one stays, then bytes. */
export function compareLines(one: PlacedLine, other: PlacedLine): number {
  if (one.timeMs !== other.timeMs) return one.timeMs - other.timeMs;
  if (one.identity !== other.identity) return one.identity < other.identity ? -1 : 1;
  if (one.order !== other.order) return one.order < other.order ? -1 : 1;
  return Buffer.compare(one.bytes, other.bytes);
}
