import type { FauxqsQueues, FauxqsTopics, Load } from "./fauxqs-inside.ts";

/** Loads what was kept, then keeps what changes. Queue URLs get today's address: the port may be another. */
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
}): Promise<() => void> {
  const { PersistenceManager } = (await load("persistence.js")) as unknown as {
    PersistenceManager: new (
      dir: string,
    ) => {
      load(queues: unknown, topics: unknown, objects: unknown): void;
      close(): void;
    };
  };
  const kept = new PersistenceManager(dataDir);
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
  return () => kept.close();
}
