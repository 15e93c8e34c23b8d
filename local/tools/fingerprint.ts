import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A hash of the names and contents of a project's files that match the patterns. */
export function fingerprint(project: string, patterns: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of globSync(patterns, { cwd: project }).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(project, file)));
  }
  return hash.digest("hex");
}
