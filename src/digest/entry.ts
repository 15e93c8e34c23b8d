/** One thing that happened, as far as two accounts of it should agree. */
export interface Entry {
  /** What it is known by: a transfer's number, an event's identity. At most 8,192 characters. */
  readonly key: string;
  /** When it happened, in milliseconds since the epoch: by the same clock on both sides, usually the event's. */
  readonly timeMs: number;
  /** What must be equal. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export type FieldValue = string | number | boolean | null;
