import { type LedgerReader, ledgerKey } from "../../src/ledger/index.ts";
import type { Line } from "../../src/segments/index.ts";
import type { BusArchive } from "../archive/index.ts";
import { buildTrace, type KnownTaker } from "./build-trace.ts";
import { chainEnds, eventName } from "./chain-ends.ts";
import { type ChainEvent, chainEvents, chainOf, skewMs, timeOfId } from "./chain-events.ts";
import type { KnownConsumer } from "./known-consumers.ts";
import type { Trace } from "./trace.ts";
import { type DelayedReader, waitingEvents } from "./waiting-events.ts";

/**
 * Traces the chain that an event's id or a correlation id belongs to: events out of the archive, ends out of the journal, and
 * what stands now out of the ledger. `undefined` when the archive has nothing of that name from `fromMs` on, and nothing
 * of it is delayed.
 *
 * Sees what is not sealed yet. Without a ledger, what has no end in the journal is `unknown`.
 */
export async function traceChain({
  archive: { bus, archive, journal },
  asked,
  fromMs,
  consumers,
  ledger,
  delayed = async () => [],
  onLine,
}: {
  readonly archive: BusArchive;
  readonly asked: string;
  readonly fromMs: number;
  /** The bus's consumers as they stand now. */
  readonly consumers: readonly KnownConsumer[];
  readonly ledger: LedgerReader | undefined;
  /** What waits in the bus's schedules. @default nothing, and nobody is asked */
  readonly delayed?: DelayedReader;
  /** Told of every line that is read. */
  readonly onLine?: (line: Line) => void;
}): Promise<Trace | undefined> {
  let archived = await chainEvents(archive, { asked, fromMs, onLine });
  const waiting = await waitingEvents(delayed, { asked, archived });
  const [chain] = waiting.map(chainOf);
  // What waits has led to a chain that the archive was not asked for.
  if (archived.length === 0 && chain !== undefined) {
    const beganMs = Math.min(fromMs, (timeOfId(chain) ?? fromMs) - skewMs);
    archived = await chainEvents(archive, { asked: chain, fromMs: beganMs, onLine });
  }
  if (archived.length + waiting.length === 0) return undefined;
  const ends = archived.length === 0 ? [] : await chainEnds(journal, archived, { onLine });
  const known = await takersOf(archived, consumers, ledger);
  const events = [...archived, ...waiting];
  return buildTrace({ bus, asked, events, ends, known, nowMs: archive.clock.nowMs() });
}

/** Who takes each event, and what the ledger knows of it. */
async function takersOf(
  events: readonly ChainEvent[],
  consumers: readonly KnownConsumer[],
  ledger: LedgerReader | undefined,
): Promise<ReadonlyMap<string, readonly KnownTaker[]>> {
  const pairs = events.flatMap(({ line }) =>
    consumers
      .filter((one) => one.wants(line))
      .map(({ name, keepsLedger }) => ({
        event: eventName(line),
        consumer: name,
        key:
          ledger && keepsLedger ? ledgerKey({ consumer: name, source: line.source, id: line.id }) : undefined,
      })),
  );
  const keys = pairs.flatMap(({ key }) => key ?? []);
  const items = ledger && keys.length > 0 ? await ledger.read(keys) : [];
  const itemOf = new Map(keys.map((key, at) => [key, items[at]]));
  const takers = new Map<string, KnownTaker[]>();
  for (const { event, consumer, key } of pairs) {
    const item = key === undefined ? "unknown" : itemOf.get(key);
    takers.set(event, [...(takers.get(event) ?? []), { consumer, item }]);
  }
  return takers;
}
