import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memoryDisk = "/dev/shm";
const prefix = "omnibus-dynamodb-";

/**
 * A directory that is fast and goes with the machine: on the memory disk, or the system's place for such things. It
 * carries this process's id; those of processes that have ended are removed, which only a kill of everything leaves.
 */
export function makeMemoryDirectory(place: string = existsSync(memoryDisk) ? memoryDisk : tmpdir()): string {
  for (const name of readdirSync(place)) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || runs(owner)) continue;
    rmSync(join(place, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(place, `${prefix}${process.pid}-`));
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // It runs, and is somebody else's.
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}
