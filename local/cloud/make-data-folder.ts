import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describeError } from "../../src/errors.ts";
import { LocalCloudError } from "./local-cloud-error.ts";

/**
 * Makes the folder for what outlives a run, or sees that it is there and can be written to; the whole path. Throws
 * `LocalCloudError` (`data-folder`), before anything is started that would trip over it.
 */
export function makeDataFolder(given: string): string {
  const folder = resolve(given);
  const probe = join(folder, `.omnibus-${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw new LocalCloudError(
      "data-folder",
      `the data folder ${folder} cannot be used (${describeError(cause).message}): give a folder that you may write to, or none, and state is kept in memory`,
      { cause },
    );
  }
  return folder;
}

/** Step by step: Node's own `recursive` never returns for a folder in /proc. (nodejs/node: mkdir answers ENOENT there) */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is a file`);
    return;
  }
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
