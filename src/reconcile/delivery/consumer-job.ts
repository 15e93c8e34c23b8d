import { describeError } from "../../errors.ts";
import { deliveryJobOf, queueName } from "../../names.ts";
import type { JobParts } from "../deployed/job-parts.ts";
import type { ReconcileJob, TurnedUp } from "../job.ts";
import type { LedgerSource } from "../ports.ts";
import type { FoundLine } from "../sealed/found-line.ts";
import { turnedUpIn } from "../sealed/turned-up.ts";
import { SourceFault } from "../source-fault.ts";
import { archiveSource } from "../sources/archive-source.ts";
import { handledEntry, itemsOf } from "../sources/handled-by.ts";
import { journalSource } from "../sources/journal-source.ts";
import { mergeSpans } from "../spans.ts";
import type { Books, DeliveryParts } from "./delivery-parts.ts";
import { deliveryRepairer } from "./delivery-repairer.ts";
import { deliveryJobSettings, deliveryTimes } from "./delivery-times.ts";
import type { KnownConsumer } from "./known-consumer.ts";
import { type Backlog, consumerBacklog } from "./queue-states.ts";
import { sendAgain } from "./send-again.ts";
import { wantedBy } from "./wanted-by.ts";
import { whereabouts } from "./whereabouts.ts";

const [left, right] = ["archive", "journal"] as const;
/** Events on their way that are told apart. */
const mostOnTheWay = 100_000;

/** What a run saw besides differences. */
export interface DeliverySeen {
  /** Events of which nobody can tell whether they were to be delivered. */
  readonly grey: number;
  /** Events that had not come and may come yet, and why, of one of them. */
  readonly onTheWay: number;
  readonly because: string | undefined;
  /** Queues that hold messages for a person to look at. */
  readonly aside: readonly string[];
}

/**
 * One consumer's job: the archive as it was to get it, against what it has handled. Made anew for each run, since it holds on to
 * what was seen of queues and filters.
 */
export async function consumerJob(
  parts: DeliveryParts,
  books: Books,
  known: KnownConsumer,
  { busBeganMs, archived }: { readonly busBeganMs: number; readonly archived: Backlog },
): Promise<{ readonly parts: JobParts; readonly seen: () => DeliverySeen }> {
  const { settings, objects, ledger, sender, store, repairs, clock, sink } = parts;
  const { bus, greyMs, sendPerSecond } = settings;
  const { consumer, fifo, versions } = known;
  const times = deliveryTimes(settings, known);
  const { grainMs, longestMs, slackMs, keepMs } = times;
  const name = deliveryJobOf(consumer);
  const queue = queueName(bus, consumer, fifo);
  const backlog = await consumerBacklog(parts, books, known, slackMs);

  const onTheWay = new Map<string, string>();
  const noting =
    (ask: NonNullable<LedgerSource["underWay"]>): NonNullable<LedgerSource["underWay"]> =>
    async (keys, seenMs) => {
      const reasons = await ask(keys, seenMs);
      for (const [index, reason] of reasons.entries()) {
        if (reason !== undefined && onTheWay.size < mostOnTheWay) onTheWay.set(keys[index] ?? "", reason);
      }
      return reasons;
    };
  const handled = async (keys: readonly string[]) =>
    (await itemsOf(ledger, consumer, keys)).map(handledEntry);
  const archive = archiveSource({
    name: left,
    book: books.archive,
    wanted: wantedBy(versions, greyMs),
    handled,
    underWay: noting(async (keys, seenMs) => {
      const items = await itemsOf(ledger, consumer, keys);
      // It was published before it was handled, whatever time it gives itself.
      return items.map((item, index) => archived.waiting(Math.max(item?.ended ?? 0, seenMs[index] ?? 0)));
    }),
    seal: unlessBulk(left, archived),
  });
  const journal = journalSource({
    name: right,
    book: books.journal,
    consumer,
    handled,
    underWay: noting(
      whereabouts({
        ledger,
        consumer,
        longestMs,
        publishedMs: async (keys, seenMs) =>
          (await archive.find(keys, seenMs)).map((lines) => publishedMsOf(lines.at(-1))),
        waiting: backlog.waiting,
        clock,
      }),
    ),
    seal: unlessBulk(right, backlog),
  });

  const beginMs = Math.ceil((Math.max(busBeganMs, versions[0]?.changedMs ?? 0) + greyMs) / grainMs) * grainMs;
  const [remembered] = await store.read([name]);
  const sealedMs = await sealedToMs(books, remembered?.progress?.comparedToMs ?? beginMs);
  const nowMs = clock.nowMs();
  const job: ReconcileJob = {
    name,
    left: archive,
    right: journal,
    beginMs,
    // Where sealing is behind, what is not sealed is not settled.
    settleMs: Math.max(times.underWayMs, Math.min(nowMs - sealedMs, keepMs - 2 * grainMs)),
    spanMs: grainMs,
    // Both sides go by the event's own time: where they differ in that, it is the same event.
    lateAfterMs: Number.POSITIVE_INFINITY,
    keepMs,
    turnedUp: (since) => turnedUpOf(books, archive, journal, since),
  };
  const repairer = deliveryRepairer({
    consumer,
    archive,
    ledger,
    longestMs,
    places: {
      missing: () => (backlog.aside.length > 0 ? `there are ${backlog.aside.join(" and ")}` : undefined),
      notArchived: () =>
        `the archiver and its queue's subscriptions: ${consumer} has handled it, and the archive has not got it${archived.aside.length > 0 ? ` (there are ${archived.aside.join(" and ")})` : ""}`,
    },
    send: sendAgain({
      archive: books.archive.segments,
      sender,
      queue,
      fifo,
      perSecond: sendPerSecond,
      clock,
    }),
    clock,
  });
  const seen = (): DeliverySeen => ({
    grey: archive.grey(),
    onTheWay: onTheWay.size,
    because: onTheWay.values().next().value,
    aside: backlog.aside,
  });
  return {
    seen,
    parts: {
      settings: deliveryJobSettings(settings, known),
      job,
      repairer,
      store,
      repairs,
      objects,
      clock,
      sink,
      isOneOfMany: true,
      notes: () => notesOf(seen()),
    },
  };
}

/** An archived line's order is when SNS took it. */
function publishedMsOf(found: FoundLine | undefined): number | undefined {
  return found && Date.parse(found.line.order);
}

/** Everything that began before this is sealed on both sides. */
async function sealedToMs({ archive, journal }: Books, effectiveMs: number): Promise<number> {
  const { clock, spanMs, graceMs } = archive.segments;
  const closedMs = Math.floor((clock.nowMs() - graceMs) / spanMs) * spanMs;
  const unsealed = await Promise.all([archive, journal].map((book) => book.unsealedFromMs(effectiveMs)));
  return Math.min(closedMs, ...unsealed.map((ms) => ms ?? closedMs));
}

/** Refuses what lies behind a backlog: key by key it would take for ever to say that all of it is on its way. */
function unlessBulk(name: string, { bulk }: Backlog): NonNullable<LedgerSource["seal"]> {
  return async ({ toMs }) => {
    if (bulk && toMs > bulk.fromMs) throw new SourceFault("backlog", name, bulk.why);
    return { itemsRead: 0 };
  };
}

async function turnedUpOf(
  books: Books,
  archive: ReturnType<typeof archiveSource>,
  journal: ReturnType<typeof journalSource>,
  since: string | undefined,
): Promise<TurnedUp> {
  const before = (since === undefined ? {} : JSON.parse(since)) as { archive?: string; journal?: string };
  try {
    const [one, other] = await Promise.all([
      turnedUpIn(books.archive, archive.selection, before.archive),
      turnedUpIn(books.journal, journal.selection, before.journal),
    ]);
    return {
      spans: mergeSpans([...one.spans, ...other.spans]),
      to: JSON.stringify({ archive: one.to, journal: other.to }),
    };
  } catch (cause) {
    const { name, message } = describeError(cause);
    const what = `what has turned up late could not be read (${name}: ${message})`;
    throw new SourceFault("source-failed", `${left}, ${right}`, what, cause);
  }
}

function notesOf({ grey, onTheWay, because, aside }: DeliverySeen): readonly string[] {
  const events = (count: number) => (count === 1 ? "1 event" : `${count.toLocaleString("en-US")} events`);
  return [
    ...(grey > 0
      ? [
          `${events(grey)} came around a change of filters, where it cannot be told which ones were in force: not judged.`,
        ]
      : []),
    ...(onTheWay > 0
      ? [`${events(onTheWay)} may come yet, and are looked at again by the next run: ${because}.`]
      : []),
    ...(aside.length > 0 ? [`Messages that somebody should look at: ${aside.join(", ")}.`] : []),
  ];
}
