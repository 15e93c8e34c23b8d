import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The project's folder. */
export const project = join(import.meta.dirname, "..");

/** All files under these folders, or of these names, that git knows or would add, sorted. */
export function sourceFiles(under: readonly string[]): readonly string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...under],
    { cwd: project, maxBuffer: 16 * 1024 * 1024 },
  );
  const files = listed.toString().split("\0");
  return [...new Set(files)].filter((file) => file !== "" && existsSync(join(project, file))).sort();
}
