import { virtualClock } from "../../../local/testing/virtual-clock.ts";
import { openBusArchive } from "../../../ops/archive/index.ts";
import { type ArchiveRecord, archiveKind, archiver } from "../../../src/archive/index.ts";
import type { ArchiveSettings } from "../../../src/env.ts";
import { journaler, journalKind } from "../../../src/journal/index.ts";
import { inMemoryObjects, type ObjectStore, segmentsOf, spanSealer } from "../../../src/segments/index.ts";
import { eventJson, notified } from "../../archive/records.ts";
import { changed, item } from "../../journal/stream-records.ts";

export const minuteMs = 60_000;
/** When the bus begins to keep: 2026-11-27-01-30. */
export const beginMs = Date.UTC(2026, 10, 27, 1, 30);

/** A bus in virtual time whose archive and journal lie in `store`, in spans of a minute unless told. */
export function keptBus({
  store = inMemoryObjects(),
  startMs = beginMs,
  spanMs = minuteMs,
}: {
  readonly store?: ObjectStore;
  readonly startMs?: number;
  readonly spanMs?: number;
} = {}) {
  const settings: ArchiveSettings = {
    v: 1,
    bus: "shop",
    account: "000000000000",
    region: "us-east-1",
    spanMs,
    graceMs: 5_000,
    rawKeepMs: 604_800_000,
  };
  const clock = virtualClock({ startMs });
  const parts = { store, clock, sink: () => {} };
  const archive = archiver(settings, parts);
  const journal = journaler(settings, parts);
  const nowText = () => new Date(clock.nowMs()).toISOString();

  return {
    clock,
    store,
    open: () => openBusArchive({ bus: "shop", store, clock }),
    /** Archives what SNS would bring of this message, published now. */
    message: (text: string, options: Parameters<typeof notified>[1] = {}) =>
      archive({ Records: [notified(text, { timestamp: nowText(), ...options })] }),
    records: (records: readonly ArchiveRecord[]) => archive({ Records: records }),
    /** Archives events that are published now. */
    events: (...fields: readonly Readonly<Record<string, unknown>>[]) =>
      archive({
        Records: fields.map(({ type = "order.created", ...some }) =>
          notified(eventJson({ type, dataschema: `urn:omnibus:${type}:1`, time: nowText(), ...some }), {
            timestamp: nowText(),
          }),
        ),
      }),
    /** Journals what ends now. */
    ends: (...fields: readonly Parameters<typeof item>[0][]) =>
      journal({
        Records: fields.map((some) => changed(item({ time: nowText(), ended: clock.nowMs(), ...some }))),
      }),
    /** Seals every span that is closed. */
    async seal() {
      for (const kind of [archiveKind, journalKind]) {
        const { graceMs } = settings;
        const spans = spanSealer(segmentsOf({ store, kind, spanMs, graceMs, clock }));
        for (const span of await spans.due()) await spans.seal(span);
      }
    },
  };
}
