import { resolve } from "node:path";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What is wrong about a path, and not about the machine. */
const ofPaths = ["ENOENT", "ENOTDIR", "EISDIR", "EACCES", "EPERM", "EROFS"];

/** Writes a file that somebody has named, from where the command was started. Throws `UsageError` where none can be written there. */
export async function intoFile(
  { directory }: Pick<Terminal, "directory">,
  named: string,
  write: (path: string) => Promise<void>,
): Promise<void> {
  try {
    await write(resolve(directory, named));
  } catch (thrown) {
    const { code = "", message } = thrown as NodeJS.ErrnoException;
    throw ofPaths.includes(code) ? new UsageError(`${named} cannot be written: ${message}`) : thrown;
  }
}
