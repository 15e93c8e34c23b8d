import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";

/** Copies of segments that are kept from one question to the next. */
export interface CopyCache {
  /** Where the copy of this name lies, or will lie. */
  pathOf(name: string): string;
  /** Whether there is one; it counts as just used then. */
  has(name: string): boolean;
  /** Removes those that were not used for longest, until the rest takes no more than `maxBytes`. */
  trim(): void;
}

/** Another query may be about to open what it has just found. */
const inUseMs = 600_000;

/** Opens a folder of copies, for this user's eyes alone, since they hold event data. Throws what the file system throws. */
export function copyCache(
  folder: string,
  {
    maxBytes = 2 * 1024 ** 3,
    clock = systemClock,
  }: { readonly maxBytes?: number; readonly clock?: Clock } = {},
): CopyCache {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (name: string) => join(folder, name);
  return {
    pathOf,
    has(name) {
      const now = new Date(clock.nowMs());
      try {
        utimesSync(pathOf(name), now, now);
        return true;
      } catch {
        return false;
      }
    },
    trim() {
      const files = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => {
          const { size, mtimeMs } = statSync(pathOf(name));
          return { name, size, usedMs: mtimeMs };
        })
        .sort((one, other) => one.usedMs - other.usedMs);
      let bytes = files.reduce((sum, { size }) => sum + size, 0);
      for (const { name, size, usedMs } of files) {
        if (bytes <= maxBytes || usedMs > clock.nowMs() - inUseMs) return;
        rmSync(pathOf(name), { force: true });
        bytes -= size;
      }
    },
  };
}
