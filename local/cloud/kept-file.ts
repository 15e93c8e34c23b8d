import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../src/clock.ts";

/** A value that outlives a run where there is a data folder, and goes with the process where there is none. */
export interface KeptFile<Value> {
  /** What an earlier run has left; `undefined` when there is nothing, or nothing that can be read. */
  read(): Value | undefined;
  /** Has it written down soon, many changes at once: a kill takes the last moment's with it. */
  changed(): void;
  /** Writes down what is not written yet; what changes later is not. */
  close(): void;
}

const writePauseMs = 200;

/** Keeps `value()` as JSON in a file of the data folder. */
export function keepInFile<Value>({
  dataDir,
  name,
  value,
  clock,
}: {
  dataDir: string | undefined;
  name: string;
  value: () => Value;
  clock: Clock;
}): KeptFile<Value> {
  if (dataDir === undefined) return { read: () => undefined, changed: () => {}, close: () => {} };
  const file = join(dataDir, name);
  let cancel: (() => void) | undefined;
  let isClosed = false;
  const write = () => {
    cancel = undefined;
    // In one step: a kill between leaves the old file or the new one.
    writeFileSync(`${file}.new`, JSON.stringify({ v: 1, value: value() }));
    renameSync(`${file}.new`, file);
  };
  return {
    read() {
      try {
        const { v, value: kept } = JSON.parse(readFileSync(file, "utf8")) as { v: unknown; value: Value };
        return v === 1 ? kept : undefined;
      } catch {
        return undefined;
      }
    },
    changed() {
      if (!isClosed) cancel ??= clock.after(writePauseMs, write);
    },
    close() {
      isClosed = true;
      if (cancel === undefined) return;
      cancel();
      write();
    },
  };
}
