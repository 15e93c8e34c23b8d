import { canonicalJson } from "../../contract/index.ts";
import type { ConsumerMode, ConsumerSettings, Filters } from "../../env.ts";

/** What a consumer's subscriptions let through, from one moment on. */
export interface FilterVersion {
  /** By topic; nothing of a topic that is not among them. */
  readonly filters: Filters;
  /** From then on these were in force: its function was changed last then. */
  readonly changedMs: number;
  /** Until then those before were; between the two it cannot be told. Absent: nothing is known of what was before. */
  readonly afterMs?: number;
}

/**
 * What is remembered of a consumer: how it retries, and what it was to get since when. `schema/delivery-consumer.schema.json`
 * describes it.
 */
export interface KnownConsumer {
  readonly v: 1;
  readonly consumer: string;
  /** When it was looked at, last. */
  readonly seenMs: number;
  /** Neither function nor subscription is there any more. */
  readonly isGone: boolean;
  readonly mode: ConsumerMode;
  readonly fifo: boolean;
  /** Whether its ordered groups wait behind a poison. */
  readonly parks: boolean;
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** How long the ledger keeps what it was told last. */
  readonly keepMs: number;
  /** The oldest first. Empty where its settings do not tell. */
  readonly versions: readonly FilterVersion[];
}

/** Longer than any ledger's window, and any queue's: what is older decides about nothing any more. */
const versionsKeptMs = 120 * 86_400_000;
const mostVersions = 50;

/**
 * A consumer as it is now, from what was known of it, and what its function says. One that is new has begun when its function was
 * changed last; or since the bus was looked at, and it was not seen: `lookedMs`.
 */
export function noteConsumer(
  known: KnownConsumer | undefined,
  { settings, changedMs }: { readonly settings: ConsumerSettings; readonly changedMs: number },
  { nowMs, lookedMs = 0 }: { readonly nowMs: number; readonly lookedMs?: number | undefined },
): KnownConsumer {
  const { consumer, mode, fifo, onPoison, attempts, firstDelayMs, maxDelayMs, keepMs } = settings;
  // Who writes nothing down is to get nothing that could be missed.
  const filters = mode === "none" ? {} : settings.filters;
  const isBack = known?.isGone === true;
  return {
    v: 1,
    consumer,
    seenMs: nowMs,
    isGone: false,
    mode,
    fifo,
    parks: onPoison === "park",
    attempts,
    firstDelayMs,
    maxDelayMs,
    keepMs,
    versions: filters
      ? withVersion(known, filters, isBack ? nowMs : Math.max(changedMs, lookedMs), nowMs)
      : [],
  };
}

/** A consumer that is there no more: from some moment since it was seen last it was to get nothing. */
export function noteGone(known: KnownConsumer, nowMs: number): KnownConsumer {
  if (known.isGone) return known;
  return { ...known, seenMs: nowMs, isGone: true, versions: withVersion(known, {}, nowMs, nowMs) };
}

/**
 * The versions with these filters as the last one. A function may have been changed more than once since it was seen: the
 * filters with any of these, so nothing is known between the two moments.
 */
function withVersion(
  known: KnownConsumer | undefined,
  filters: Filters,
  changedMs: number,
  nowMs: number,
): readonly FilterVersion[] {
  const versions = known?.versions ?? [];
  const last = versions.at(-1);
  if (!known || !last) return [{ filters, changedMs }];
  if (canonicalJson(last.filters) === canonicalJson(filters)) return versions;
  // Seen as they were, they were in force, whatever the function says of when it was changed.
  const wasBefore = changedMs > known.seenMs;
  const all = [...versions, { filters, changedMs: wasBefore ? changedMs : nowMs, afterMs: known.seenMs }];
  // One counts as long as what was published under it may still be compared.
  const isOver = (at: number) => (all[at + 1]?.changedMs ?? nowMs) < nowMs - versionsKeptMs;
  return all.filter((_, at) => !isOver(at)).slice(-mostVersions);
}
