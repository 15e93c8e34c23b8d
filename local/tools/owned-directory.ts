import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes a directory in `place` that carries this process's id behind `prefix`. Those of processes that have ended are
 * removed: only a kill leaves them, since whoever makes one removes it. The living's, and other users', stay.
 */
export function makeOwnedDirectory(place: string, prefix: string): string {
  for (const name of readdirSync(place)) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || isRunning(owner)) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
      // Somebody else's, or being removed by another start: it is not ours to worry about.
    }
  }
  return mkdtempSync(join(place, `${prefix}${process.pid}-`));
}

/** Whether a process of this id runs, ours or somebody else's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // It runs, and is somebody else's.
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}
