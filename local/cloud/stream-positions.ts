import type { Clock } from "../../src/clock.ts";
import type { PositionStore } from "../mapping/index.ts";
import { keepInFile } from "./kept-file.ts";

/** Where all mappings of streams keep how far they have read. */
export interface StreamPositions extends PositionStore {
  /** A mapping is gone: one of the same name begins anew. */
  forget(uuid: string): void;
  close(): void;
}

/** Positions in a file of the data folder, a fifth of a second behind; in memory alone where there is none. */
export function createStreamPositions(dataDir: string | undefined, clock: Clock): StreamPositions {
  const positions = new Map<string, string>();
  const file = keepInFile<Record<string, string>>({
    ...{ dataDir, name: "omnibus-streams.json", clock },
    value: () => Object.fromEntries(positions),
  });
  for (const [key, position] of Object.entries(file.read() ?? {})) positions.set(key, position);
  return {
    get: (key) => positions.get(key),
    set(key, position) {
      positions.set(key, position);
      file.changed();
    },
    forget(uuid) {
      for (const key of positions.keys()) if (key.startsWith(`${uuid} `)) positions.delete(key);
      file.changed();
    },
    close: () => file.close(),
  };
}
