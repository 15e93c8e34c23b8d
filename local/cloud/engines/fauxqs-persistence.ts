import type { DatabaseSync } from "node:sqlite";
import type { Fauxqs, FauxqsQueues, FauxqsTopics, Load } from "./fauxqs-inside.ts";

/**
 * Pages of the log before they are copied into the file, which waits for the disk: 16 MB; a hot page is copied once for
 * many changes.
 */
const pagesOfLog = 4_000;

/** What fauxqs keeps in a file. */
export interface Kept {
  readonly together: Fauxqs["together"];
  close(): void;
}

/**
 * Loads what was kept, then keeps what changes. Queue URLs get today's address: the port may be another.
 *
 * What is written down outlives this process, however it ends. It does not wait for the disk, as fauxqs would with each
 * message (7 ms, in which nothing else is answered): a machine that loses power may lose the last moments, and no more.
 */
export async function persist({
  dataDir,
  load,
  queues,
  topics,
  objects,
  address,
}: {
  dataDir: string;
  load: Load;
  queues: FauxqsQueues;
  topics: FauxqsTopics;
  objects: { persistence?: unknown };
  address: string;
}): Promise<Kept> {
  const { PersistenceManager } = (await load("persistence.js")) as unknown as {
    PersistenceManager: new (
      dir: string,
    ) => {
      readonly db: DatabaseSync;
      load(queues: unknown, topics: unknown, objects: unknown): void;
      close(): void;
    };
  };
  const kept = new PersistenceManager(dataDir);
  kept.db.exec(`PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${pagesOfLog}`);
  kept.load(queues, topics, objects);
  for (const queue of [...queues.queues.values()]) {
    queues.queues.delete(queue.url);
    queue.url = `${address}${new URL(queue.url).pathname}`;
    queues.queues.set(queue.url, queue);
    queue.persistence = kept;
  }
  queues.persistence = kept;
  topics.persistence = kept;
  objects.persistence = kept;
  return { together: transactions(kept.db), close: () => kept.close() };
}

/** What work writes down is one transaction. What was changed before it threw is changed: in memory, and here. */
function transactions(database: DatabaseSync): Fauxqs["together"] {
  return (work) => {
    database.exec("BEGIN");
    try {
      return work();
    } finally {
      database.exec("COMMIT");
    }
  };
}
