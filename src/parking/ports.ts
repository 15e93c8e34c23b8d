/**
 * Where the groups of ordered consumers stand that wait behind a poison message: for each a marker, and the line of what
 * came since. The message that holds the poison is the first of its line.
 *
 * ```
 *                 an event dies                    bus dlq release
 *  (no marker) ─────────────────▶ parked ───────────────────────────▶ releasing ──┐
 *       ▲                         │ ▲  ▲                              │ ▲ │       │ handled: leaves the line
 *       │              followers  └─┘  │      another event dies      │ └─┘ ◀─────┘
 *       │              join the line   └──────────────────────────────┘ followers join the line
 *       │                                                             │
 *       └─────────────────────────────────────────────────────────────┘
 *                 the line is empty, and its tail has not moved
 * ```
 * While there is a marker nothing of its group is handled but from the head of the line. SQS hands out a group to one
 * batch at a time, and every change is made from the revision that was read: what was not seen is not overwritten.
 */
export interface ParkedStore {
  /** The markers of these groups (at most 100, each once), by group; read strongly. Throws `ParkingError`. */
  read(consumer: string, groups: readonly string[]): Promise<ReadonlyMap<string, ParkedGroup>>;
  /**
   * Changes a marker and its line, all of it or nothing. `false`: the marker has another revision by now, and nothing was
   * changed. A call whose answer was lost may be made again by its adapter; it then counts once. Throws `ParkingError`.
   */
  change(change: GroupChange): Promise<boolean>;
  /** The first messages of a line, from a place on, in order; read strongly. Empty only where the line is. Throws `ParkingError`. */
  line(consumer: string, group: string, from: number, most: number): Promise<readonly LineEntry[]>;
  /** All markers of a consumer, in any order, page by page: ask again with `cursor` while one is answered. Throws `ParkingError`. */
  list(consumer: string, cursor?: string): Promise<ParkedPage>;
}

/** One parked group: its marker. */
export interface ParkedGroup {
  readonly consumer: string;
  readonly group: string;
  /** Grows by one with each change, from 1. */
  readonly revision: number;
  /** The line's places: from `first` to `tail`. */
  readonly first: number;
  readonly tail: number;
  /** When the group was parked. */
  readonly sinceMs: number;
  /** What it waits behind. */
  readonly poison: Poison;
  /** The messages that joined last, by id: one that SQS hands out again has joined already. */
  readonly recent: readonly string[];
  /** Set while the line is being handled. */
  readonly release: Release | undefined;
}

/** The event that a group is parked behind, as its dead letter tells of it. */
export interface Poison {
  /** The ledger's key of it; of what cannot be read, a digest of the body. */
  readonly key: string;
  readonly id?: string;
  readonly type?: string;
  /** `permanent`, `attempts-exhausted`, `invalid-data`, … */
  readonly reason: string;
  readonly error?: { readonly name: string; readonly message: string };
  readonly attempts: number;
  readonly diedAtMs: number;
}

/** One release of a group, from the word to the end of its line or to the next death in it. */
export interface Release {
  /** What its messages in the queue say, so that those of an earlier release start nothing. */
  readonly id: string;
  readonly sinceMs: number;
  /** The poison that is left out, and the place of its message; nothing where it is handled first. */
  readonly skip?: { readonly key: string; readonly place: number };
}

/** A message as SQS handed it out, without what belongs to that one time. */
export interface ParkedMessage {
  readonly messageId: string;
  readonly body: string;
  /** SQS's own: `ApproximateFirstReceiveTimestamp`, `MessageGroupId`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<
    Record<
      string,
      { readonly dataType: string; readonly stringValue?: string; readonly binaryValue?: string }
    >
  >;
}

export interface LineEntry {
  readonly place: number;
  /** How many items it is kept in: one, but for large messages. */
  readonly parts: number;
  readonly message: ParkedMessage;
}

export interface GroupChange {
  readonly consumer: string;
  readonly group: string;
  /** The revision that it is made from; 0: there is no marker. */
  readonly from: number;
  /** The marker from now on; `undefined`: there is none. */
  readonly to: ParkedGroup | undefined;
  readonly put: readonly { readonly place: number; readonly message: ParkedMessage }[];
  readonly remove: readonly Pick<LineEntry, "place" | "parts">[];
}

export interface ParkedPage {
  readonly groups: readonly ParkedGroup[];
  readonly cursor?: string | undefined;
}
