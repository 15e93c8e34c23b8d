/** All that one event has set off, as a tree: its consumers, what they emitted, and so on. Times are RFC 3339. */
export interface Trace {
  readonly bus: string;
  /** What was asked for. */
  readonly asked: string;
  readonly correlationids: readonly string[];
  /** Events whose cause is not among them: the first of the chain, mostly one. */
  readonly roots: readonly TracedEvent[];
  readonly events: number;
  /** How many events more wait in schedules until they are due. */
  readonly delayed: number;
  /** How many of an event's consumers stand how. */
  readonly counts: Readonly<Record<TracedState, number>>;
  /** From the first event's time to the last completion that is known. */
  readonly spanMs: number;
}

export interface TracedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  /** When its topic took it; absent as long as it waits. */
  readonly published?: string;
  /** It waits in a schedule, and is published then. */
  readonly due?: string;
  /** It waits, and is dropped when it is due. */
  readonly cancelled?: true;
  /** How long after its own time it was published, in milliseconds, where that is a minute or more: it was delayed, or kept by its publisher. */
  readonly publishedAfterMs?: number;
  readonly topic?: string;
  readonly subject?: string;
  /** It is the event that was asked for by its id. */
  readonly asked?: true;
  /** Its archive's span is not sealed yet. */
  readonly open?: true;
  readonly consumers: readonly TracedConsumer[];
}

/**
 * How a consumer stands to an event.
 * - `done`, `dead`: as its ledger or journal says last.
 * - `running`: claimed, and the lease holds.
 * - `retrying`: it was begun, and waits for its next try.
 * - `waiting`: nothing was begun: it lies in the queue, or on the way there.
 * - `unknown`: the consumer keeps no ledger, or nobody could be asked.
 */
export type TracedState = (typeof tracedStates)[number];

/** Every `TracedState`. */
export const tracedStates = ["done", "dead", "running", "retrying", "waiting", "unknown"] as const;

export interface TracedConsumer {
  readonly consumer: string;
  readonly state: TracedState;
  /** Started runs of the last row of attempts. */
  readonly attempts?: number;
  /** When a claim's lease ends: until then nobody else runs it. */
  readonly leaseEnds?: string;
  /** Why it is dead, where no end of it tells. */
  readonly reason?: string;
  /** Its ends, in the order they came: dead and then done is a redrive; one of a replay names it. */
  readonly ends: readonly TracedEnd[];
  /** What its handler emitted for this event. */
  readonly emitted: readonly TracedEvent[];
}

export interface TracedEnd {
  readonly state: "done" | "dead";
  readonly at: string;
  /** From the event's own time. */
  readonly afterMs: number;
  readonly attempts: number;
  readonly reason?: string;
  readonly replay?: string;
}
