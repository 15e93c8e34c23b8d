import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The file that an `entry` means: a path from the working directory, or a URL. */
export function entryFile(entry: string | URL): string {
  return resolve(entry instanceof URL ? fileURLToPath(entry) : entry);
}
