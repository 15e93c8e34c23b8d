import { type VirtualClock, virtualClock } from "../../../local/testing/virtual-clock.ts";
import { archivedWithin, archiveKind, archiver } from "../../../src/archive/index.ts";
import { dataHash } from "../../../src/contract/index.ts";
import type { ArchiveSettings } from "../../../src/env.ts";
import { journaledWithin, journaler, journalKind } from "../../../src/journal/index.ts";
import { type LedgerItem, ledgerKey } from "../../../src/ledger/index.ts";
import { sealedBook } from "../../../src/reconcile/sealed/sealed-book.ts";
import { handledEntry, itemsOf } from "../../../src/reconcile/sources/handled-by.ts";
import { inMemoryObjects, type ObjectStore, segmentsOf, spanSealer } from "../../../src/segments/index.ts";
import { eventJson, notified } from "../../archive/records.ts";
import { changed } from "../../journal/stream-records.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const consumer = "LockStock";

/** An event as it is published. */
export interface Published {
  readonly id: string;
  readonly source?: string;
  readonly type?: string;
  readonly topic?: string;
  readonly data?: unknown;
  /** Its own time. */
  readonly timeMs: number;
  /** @default its own time */
  readonly publishedMs?: number;
  /** Beside `type`. */
  readonly attributes?: Readonly<Record<string, { Type: string; Value: string }>>;
}

/** How an event ended. */
export interface Ended extends Published {
  readonly state?: LedgerItem["state"];
  readonly endedMs?: number;
  readonly replay?: string;
  readonly lease?: number;
  readonly by?: string;
  readonly attempts?: number;
}

const sink = () => {};

/**
 * Archive, journal and ledger of a bus in memory, written by the functions that write them, at moments of virtual time. Events
 * are told in any order; whatever is written is written at the moment of the clock.
 */
export function sealedWorld({
  startMs = Date.UTC(2026, 0, 1),
  spanMs = hourMs,
  graceMs = 2 * minuteMs,
  store = inMemoryObjects() as ObjectStore,
}: {
  startMs?: number;
  spanMs?: number;
  graceMs?: number;
  store?: ObjectStore;
} = {}) {
  const clock: VirtualClock = virtualClock({ startMs });
  const settings: ArchiveSettings = {
    v: 1,
    bus: "shop",
    account: "123456789012",
    region: "eu-central-1",
    spanMs,
    graceMs,
    rawKeepMs: 7 * dayMs,
  };
  const segments = {
    archive: segmentsOf({ store, kind: archiveKind, spanMs, graceMs, clock }),
    journal: segmentsOf({ store, kind: journalKind, spanMs, graceMs, clock }),
  };
  const sealers = [spanSealer(segments.archive), spanSealer(segments.journal)];
  const archive = archiver(settings, { store, clock, sink });
  const journal = journaler(settings, { store, clock, sink });
  const items = new Map<string, LedgerItem>();
  const ledger = { read: async (keys: readonly string[]) => keys.map((key) => items.get(key)) };
  const itemOf = ({
    by = consumer,
    state = "done",
    endedMs,
    lease,
    attempts = 1,
    ...event
  }: Ended): LedgerItem => {
    const { id, source = "/shop", type = "order.created", data = {} } = event;
    return {
      key: ledgerKey({ consumer: by, source, id, replayId: event.replay }),
      v: 1,
      consumer: by,
      source,
      id,
      type,
      time: new Date(event.timeMs).toISOString(),
      hash: dataHash(data),
      state,
      owner: "one",
      lease: lease ?? clock.nowMs() + minuteMs,
      attempts,
      ended: state === "done" || state === "dead" ? (endedMs ?? clock.nowMs()) : 0,
      expires: 4_000_000_000,
      ...(event.replay === undefined ? {} : { replay: event.replay }),
    };
  };

  return {
    clock,
    settings,
    store,
    segments,
    items,
    ledger,
    books: {
      archive: sealedBook(segments.archive, archivedWithin),
      journal: sealedBook(segments.journal, journaledWithin),
    },
    handled: async (keys: readonly string[]) => (await itemsOf(ledger, consumer, keys)).map(handledEntry),
    /** The archiver takes a batch, now. */
    archive: (events: readonly Published[]) =>
      archive({
        Records: events.map(({ id, source = "/shop", type = "order.created", data = {}, ...event }) =>
          notified(
            eventJson({
              id,
              source,
              type,
              data,
              time: new Date(event.timeMs).toISOString(),
              dataschema: `urn:omnibus:${type}:1`,
            }),
            {
              topic: `shop-${event.topic ?? "orders"}`,
              timestamp: new Date(event.publishedMs ?? event.timeMs).toISOString(),
              attributes: { type: { Type: "String", Value: type }, ...event.attributes },
            },
          ),
        ),
      }),
    /** The ledger is told, and not the journal. */
    note: (events: readonly Ended[]) => {
      for (const event of events) {
        const item = itemOf(event);
        items.set(item.key, item);
      }
    },
    /** Ledger and journal are told, now. */
    async complete(events: readonly Ended[]) {
      const made = events.map(itemOf);
      for (const item of made) items.set(item.key, item);
      await journal({ Records: made.map((item) => changed(item)) });
    },
    /** Time goes on until what was written is sealed, and it is. */
    async seal(forMs = spanMs + graceMs) {
      await clock.advance(forMs);
      for (const sealer of sealers) for (const span of await sealer.due()) await sealer.seal(span);
    },
  };
}

/** The key of an event. */
export const keyOf = (id: string, source = "/shop") => `${source}\n${id}`;
