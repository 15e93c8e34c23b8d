import { type Clock, systemClock, uuidv7 } from "../clock.ts";
import type { RelaySettings } from "../env.ts";
import { SettingsError } from "../errors.ts";
import { createPublisher, type TopicPort } from "../publish/index.ts";
import { type Sink, standardOutput } from "../telemetry/index.ts";
import { dynamoOutbox } from "./dynamo-outbox.ts";
import { outboxTable } from "./outbox-table.ts";
import { passLines } from "./pass-lines.ts";
import { passOn } from "./pass-on.ts";
import type { OutboxStore } from "./ports.ts";
import { reportLines, reportPassed, reportSweep } from "./report.ts";
import { keyOfLine, rowOf, type StreamRecord } from "./stream-record.ts";
import { sweep } from "./sweep.ts";

/** What tests put in the place of AWS. */
export interface RelayParts {
  /** @default the table of the settings */
  readonly store?: OutboxStore;
  /** @default the topics of the settings' bus */
  readonly topics?: TopicPort;
  readonly clock?: Clock;
  readonly sink?: Sink;
}

/** What is left undone of a batch, in Lambda's own words. */
export interface RelayAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** A Lambda function behind an outbox table's stream (with partial answers), and by a schedule its sweeper. */
export type RelayHandler = (
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
) => Promise<RelayAnswer>;

/** A row that is older was tried before, or its stream stands in a jam: it is looked up before it is sent again. */
const freshMs = 5_000;
/** A few tries within about a second: the stream, and then the sweeper, come back. */
const attempts = 4;

/**
 * Makes the function that publishes what an outbox holds: each new row as soon as the table's stream tells of it, and by a
 * schedule what has waited for longer than `graceMs` (the stream was disabled, forgot, or gave up).
 *
 * At least once, with the same bytes each time: killed anywhere, a row is sent again, and none is lost. A row that can never be
 * sent is put aside with the reason, and keeps no other one waiting; an ordered one parks its key, and no other. Answers the records whose rows may go through a moment
 * later. Throws when the outbox cannot be asked.
 */
export function relay(
  settings: RelaySettings,
  { store: given, topics, clock = systemClock, sink = standardOutput }: RelayParts = {},
): RelayHandler {
  const { bus, account, region, graceMs, maxBytes } = settings;
  const table = outboxTable(settings);
  const store = given ?? dynamoOutbox({ table, clock });
  const publisher = createPublisher({
    ...{ bus, account, region, source: "outbox", clock, lingerMs: 0, attempts },
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(topics ? { topics } : {}),
  });
  const parts = { store, publisher, clock };
  /** One for this process, which does one thing at a time: what it holds since a failure it may take again. */
  const owner = uuidv7(clock);

  const passRows = async (records: readonly StreamRecord[]): Promise<readonly string[]> => {
    const told = records.flatMap((record) => {
      const row = rowOf(table, record);
      return row ? [{ row, sequence: record.dynamodb?.SequenceNumber ?? "" }] : [];
    });
    const isOld = ({ row }: (typeof told)[number]) =>
      row.status === "row" && clock.nowMs() - row.createdMs > freshMs;
    const old = told.filter(isOld).map(({ row }) => row.place);
    const there = old.length === 0 ? [] : await store.stillThere(old);
    const known = new Set(there.map(({ partition, sort }) => `${partition} ${sort}`));
    const due = told.filter(
      (one) => !isOld(one) || known.has(`${one.row.place.partition} ${one.row.place.sort}`),
    );
    if (due.length === 0) return [];
    const passed = await passOn(
      due.map(({ row }) => row),
      parts,
    );
    reportPassed(passed, { bus, clock, sink });
    const again = new Set(passed.waiting.flatMap(({ row, soon }) => (soon ? [row] : [])));
    return due.flatMap(({ row, sequence }) => (again.has(row) ? [sequence] : []));
  };

  const passOrdered = async (
    records: readonly StreamRecord[],
    deadlineMs: number,
  ): Promise<readonly string[]> => {
    const told = records.flatMap((record) => {
      const key = keyOfLine(table, record);
      return key === undefined ? [] : [{ key, sequence: record.dynamodb?.SequenceNumber ?? "" }];
    });
    if (told.length === 0) return [];
    const keys = [...new Set(told.map(({ key }) => key))];
    const passed = await passLines(keys, parts, { owner, deadlineMs });
    reportLines(passed, { bus, clock, sink });
    return told.flatMap(({ key, sequence }) => (passed.get(key)?.stands === "soon" ? [sequence] : []));
  };

  return async (event, context) => {
    const { Records: records } = (event ?? {}) as { readonly Records?: readonly StreamRecord[] };
    if (records !== undefined && !Array.isArray(records)) {
      throw new SettingsError(
        "not-a-stream",
        "the relay was invoked with something that is no batch of a stream: invoke it through the event source mapping of the outbox table's stream, or by its schedule",
      );
    }
    const deadlineMs = clock.nowMs() + context.getRemainingTimeInMillis();
    if (records) {
      const failures = [...(await passRows(records)), ...(await passOrdered(records, deadlineMs))];
      return { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) };
    }
    const swept = await sweep(parts, { owner, graceMs, deadlineMs });
    reportSweep(swept, { bus, clock, sink });
    return { batchItemFailures: [] };
  };
}
