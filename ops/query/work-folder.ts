import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";

const prefix = "omnibus-question-";
/** A question that was killed leaves its folder behind; none takes that long. */
const abandonedMs = 86_400_000;

/** A folder for one question, in `parent`, for this user's eyes alone. */
export interface WorkFolder {
  readonly path: string;
  remove(): void;
}

/** Makes a `WorkFolder`, and removes those that were left behind a day ago. Throws what the file system throws. */
export function workFolder(parent: string, clock: Clock = systemClock): WorkFolder {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(parent)) if (name.startsWith(prefix)) removeOld(join(parent, name), clock);
  const path = mkdtempSync(join(parent, prefix));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function removeOld(folder: string, clock: Clock): void {
  try {
    if (statSync(folder).mtimeMs < clock.nowMs() - abandonedMs)
      rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another's, or gone already.
  }
}
