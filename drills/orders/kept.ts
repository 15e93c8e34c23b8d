import { archiveKind, parseArchiveLine } from "../../src/archive/index.ts";
import { journalKind, parseJournalLine } from "../../src/journal/index.ts";
import { type ObjectStore, readLines, segmentsOf } from "../../src/segments/index.ts";
import { archiveTimes } from "./archive.ts";
import { type ConsumerName, consumers, perConsumer } from "./consumers.ts";
import { orderCreated } from "./contracts.ts";
import { checkout } from "./source.ts";

/** What archive and journal hold of the drill's orders, each once. */
export interface Kept {
  readonly orders: number;
  readonly cents: number;
  /** Everything else that was published. */
  readonly others: number;
  /** Orders that each consumer has completed. */
  readonly completed: Readonly<Record<ConsumerName, number>>;
  /** Segments that stand behind it: spans that were sealed. */
  readonly sealedLines: number;
}

/** Reads all that was kept, as any reader would: sealed spans by their manifests, the open ones as they are. */
export async function readKept(store: ObjectStore): Promise<Kept> {
  const { spanMs } = archiveTimes;
  let [orders, cents, others, sealedLines] = [0, 0, 0, 0];
  for await (const page of readLines(segmentsOf({ store, kind: archiveKind, spanMs }))) {
    for (const { line, offset } of page) {
      if (offset) sealedLines++;
      const { source, type, message } = parseArchiveLine(line.bytes);
      if (source !== checkout || type !== orderCreated.type) others++;
      else {
        orders++;
        cents += Number((JSON.parse(message.MessageBody) as { data: { cents: number } }).data.cents);
      }
    }
  }
  const completed: Record<ConsumerName, number> = perConsumer(() => 0);
  for await (const page of readLines(segmentsOf({ store, kind: journalKind, spanMs }))) {
    for (const { line, offset } of page) {
      if (offset) sealedLines++;
      const { consumer, source, state } = parseJournalLine(line.bytes);
      const known = consumers.find(({ name }) => name === consumer);
      if (known && source === checkout && state === "done") completed[known.name]++;
    }
  }
  return { orders, cents, others, completed, sealedLines };
}

/** What was added between two readings. */
export function keptSince(before: Kept, after: Kept): Kept {
  return {
    orders: after.orders - before.orders,
    cents: after.cents - before.cents,
    others: after.others - before.others,
    completed: perConsumer(({ name }) => after.completed[name] - before.completed[name]),
    sealedLines: after.sealedLines - before.sealedLines,
  };
}
