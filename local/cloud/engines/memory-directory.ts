import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { makeOwnedDirectory } from "../../tools/index.ts";

const memoryDisk = "/dev/shm";

/** A directory of this process that is fast and goes with the machine: on the memory disk, or the system's place for such things. */
export function makeMemoryDirectory(place: string = existsSync(memoryDisk) ? memoryDisk : tmpdir()): string {
  return makeOwnedDirectory(place, "omnibus-dynamodb-");
}
