import { parseArchiveLine } from "../../src/archive/index.ts";
import { entryBatches, selectedPages } from "../../src/replay/index.ts";
import { readPages, type Segments, splitLines } from "../../src/segments/index.ts";

/** What a reader has made. */
export interface Made {
  readonly events: number;
  readonly batches: number;
  readonly bytes: number;
}

const id = "20261127-071500-3f2a90";

/** Ours: from segments to the bodies of SendMessageBatch, bytes copied. `again`: the replay's id is written into each. */
export async function ours(archive: Segments, { again = false } = {}): Promise<Made> {
  const made = { events: 0, batches: 0, bytes: 0 };
  const batches = entryBatches({ consumer: "Points", fifo: false, id, again });
  const take = (batch: ReturnType<typeof batches.take>) => {
    if (!batch) return;
    made.events += batch.count;
    made.batches++;
    made.bytes += batch.json.length;
  };
  for await (const { lines } of selectedPages({ archive, selection: {} })) {
    for (const line of lines) take(batches.add(line));
  }
  take(batches.take());
  return made;
}

/** As it is usually done: each line is parsed, its message picked out, and written again. */
export async function parseAll(archive: Segments): Promise<Made> {
  const made = { events: 0, batches: 0, bytes: 0 };
  let entries: unknown[] = [];
  const flush = () => {
    if (entries.length === 0) return;
    made.events += entries.length;
    made.batches++;
    made.bytes += Buffer.from(JSON.stringify(entries)).length;
    entries = [];
  };
  for await (const page of readPages(archive)) {
    if (!("block" in page)) continue;
    for (const bytes of splitLines(page.bytes)) {
      const { message, group } = parseArchiveLine(bytes);
      entries.push({
        Id: String(entries.length),
        ...message,
        ...(group === undefined ? {} : { MessageGroupId: group }),
      });
      if (entries.length === 10) flush();
    }
  }
  flush();
  return made;
}

/** The blocks, unpacked and looked at no further: what both have to do. */
export async function unpackOnly(archive: Segments): Promise<Made> {
  const made = { events: 0, batches: 0, bytes: 0 };
  for await (const page of readPages(archive)) {
    if (!("block" in page)) continue;
    made.events += page.block.lines;
    made.bytes += page.bytes.length;
  }
  return made;
}
