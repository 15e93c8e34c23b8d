import type { JournalLine } from "../../src/journal/index.ts";
import type { LedgerItem } from "../../src/ledger/index.ts";
import { eventName } from "./chain-ends.ts";
import { type ChainEvent, chainOf } from "./chain-events.ts";
import {
  type Trace,
  type TracedConsumer,
  type TracedEnd,
  type TracedEvent,
  type TracedState,
  tracedStates,
} from "./trace.ts";

/** What is known of a chain. */
export interface Chain {
  readonly bus: string;
  readonly asked: string;
  readonly events: readonly ChainEvent[];
  readonly ends: readonly JournalLine[];
  /** Who else takes an event, by `eventName`; with its item of the ledger, `unknown` where that tells nothing. */
  readonly known: ReadonlyMap<string, readonly KnownTaker[]>;
  readonly nowMs: number;
}

export interface KnownTaker {
  readonly consumer: string;
  readonly item: LedgerItem | undefined | "unknown";
}

/** Puts a chain's events under those that they came of. */
export function buildTrace({ bus, asked, events, ends, known, nowMs }: Chain): Trace {
  const byTime = [...events].sort((one, other) => (one.line.time < other.line.time ? -1 : 1));
  const counts = Object.fromEntries(tracedStates.map((state) => [state, 0])) as Record<TracedState, number>;
  const placed = new Set<ChainEvent>();
  const emittedBy = (cause: ChainEvent, consumer: string) =>
    byTime.filter(({ line }) => line.causationid === cause.line.id && line.source === `/${bus}/${consumer}`);

  const consumerOf = (event: ChainEvent, consumer: string): TracedConsumer => {
    const name = eventName(event.line);
    const own = ends.filter((end) => end.consumer === consumer && eventName(end) === name);
    const taker = known.get(name)?.find((one) => one.consumer === consumer);
    const emitted = emittedBy(event, consumer).filter((one) => !placed.has(one));
    const standing = standingOf(taker, own, emitted.length > 0, nowMs);
    counts[standing.state]++;
    return {
      consumer,
      ...standing,
      ends: own.map((end) => endOf(end, event)),
      emitted: emitted.map(eventOf),
    };
  };
  const eventOf = (event: ChainEvent): TracedEvent => {
    placed.add(event);
    const { id, source, type, time, topic, subject } = event.line;
    const name = eventName(event.line);
    const prefix = `/${bus}/`;
    const emitters = byTime.flatMap(({ line }) =>
      line.causationid === id && line.source.startsWith(prefix) ? [line.source.slice(prefix.length)] : [],
    );
    const consumers = new Set([
      ...ends.filter((end) => eventName(end) === name).map((end) => end.consumer),
      ...emitters,
      ...(known.get(name) ?? []).map((one) => one.consumer),
    ]);
    return {
      ...{ id, source, type, time },
      ...publishedOf(event),
      ...(topic === undefined ? {} : { topic }),
      ...(subject === undefined ? {} : { subject }),
      ...(id === asked ? { asked: true as const } : {}),
      ...(event.isOpen ? { open: true as const } : {}),
      consumers: [...consumers].map((consumer) => consumerOf(event, consumer)),
    };
  };

  const ids = new Set(events.map(({ line }) => line.id));
  const first = byTime.filter(({ line }) => line.causationid === undefined || !ids.has(line.causationid));
  const roots = first.map(eventOf);
  // What names a cause that did not emit it, as a raw publish may, stands by itself.
  for (const event of byTime) if (!placed.has(event)) roots.push(eventOf(event));
  const firstMs = Date.parse(byTime[0]?.line.time ?? "");
  const delayed = events.filter(({ due }) => due !== undefined);
  const lastMs = Math.max(
    ...byTime.map(({ line }) => Date.parse(line.time)),
    ...ends.map(({ completed }) => Date.parse(completed)),
  );
  return {
    ...{ bus, asked, roots, counts },
    correlationids: [...new Set(byTime.map(chainOf))],
    events: events.length - delayed.length,
    delayed: delayed.length,
    spanMs: lastMs - firstMs,
  };
}

const minuteMs = 60_000;

function publishedOf({ line: { time, eventTime = time, published }, due }: ChainEvent): Partial<TracedEvent> {
  if (due) return { due: due.at, ...(due.isCancelled ? { cancelled: true } : {}) };
  const publishedAfterMs = Date.parse(published) - Date.parse(eventTime);
  return { published, ...(publishedAfterMs < minuteMs ? {} : { publishedAfterMs }) };
}

/** The ledger knows best; the journal may lag behind it, and outlives it. */
function standingOf(
  taker: KnownTaker | undefined,
  ends: readonly JournalLine[],
  hasEmitted: boolean,
  nowMs: number,
): Pick<TracedConsumer, "state" | "attempts" | "leaseEnds" | "reason"> {
  const last = ends.findLast(({ replay }) => replay === undefined) ?? ends.at(-1);
  const item = taker?.item;
  if (item === undefined || item === "unknown") {
    if (last) return { state: last.state, attempts: last.attempts };
    if (hasEmitted) return { state: "done" };
    return { state: taker !== undefined && item === undefined ? "waiting" : "unknown" };
  }
  const { state, attempts, lease, reason } = item;
  switch (state) {
    case "done":
      return { state, attempts };
    case "dead":
      return { state, attempts, ...(reason === undefined ? {} : { reason }) };
    case "released":
      return { state: "retrying", attempts };
    case "claimed":
      // One whose lease is over has lost its process: it is tried again.
      return lease > nowMs
        ? { state: "running", attempts, leaseEnds: new Date(lease).toISOString() }
        : { state: "retrying", attempts };
  }
}

function endOf({ state, completed, attempts, reason, replay }: JournalLine, { line }: ChainEvent): TracedEnd {
  return {
    ...{ state, at: completed, attempts, afterMs: Date.parse(completed) - Date.parse(line.time) },
    ...(reason === undefined ? {} : { reason }),
    ...(replay === undefined ? {} : { replay }),
  };
}
