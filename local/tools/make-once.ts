import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";
import { withLock } from "./lock.ts";

const mark = ".made-of";

/**
 * Makes a folder once and finds it afterwards: `make` fills the empty folder; it runs again when `recipe` is another
 * text than last time, or when the last making did not come to its end. Several processes may ask at once: one makes,
 * the others wait. Answers the folder.
 *
 * @example
 * await makeOnce({ folder: cacheFolder("venv"), recipe: requirements, make: (folder) => install(folder) });
 */
export async function makeOnce({
  folder,
  recipe,
  make,
  clock = systemClock,
}: {
  readonly folder: string;
  /** All that decides what comes out. */
  readonly recipe: string;
  readonly make: (folder: string) => Promise<void>;
  readonly clock?: Clock;
}): Promise<string> {
  const markFile = join(folder, mark);
  const isMade = () => existsSync(markFile) && readFileSync(markFile, "utf8") === recipe;
  if (isMade()) return folder;
  await withLock(
    `${folder}.lock`,
    async () => {
      if (isMade()) return;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      await make(folder);
      writeFileSync(markFile, recipe);
    },
    clock,
  );
  return folder;
}
