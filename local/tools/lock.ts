import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Clock, sleep } from "../../src/clock.ts";

const askAgainMs = 100;

/**
 * Does `work` while no other process does its own under the same `file`. The lock is SQLite's, that is the operating
 * system's: it goes with the process that holds it, however that ends.
 */
export async function withLock<Result>(
  file: string,
  work: () => Promise<Result>,
  clock: Clock,
): Promise<Result> {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    while (!take(lock)) await sleep(clock, askAgainMs);
    return await work();
  } finally {
    lock.close();
  }
}

function take(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (thrown) {
    // SQLITE_BUSY: somebody else has it. https://www.sqlite.org/rescode.html#busy
    if ((thrown as { errcode?: number }).errcode === 5) return false;
    throw thrown;
  }
}
