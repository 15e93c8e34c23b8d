import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ScaffoldError } from "./scaffold-error.ts";

/** A TypeScript file of the user's project. */
export interface SourceFile {
  /** From the project's folder, with `/` between folders. */
  readonly path: string;
  readonly text: string;
}

/** Folders that hold what was made or installed, and those that no code of the app is in. */
const leftOut = /^(\..*|node_modules|cdk\.out|dist|build|coverage)$/;
/** Nobody has this many files in one CDK app: more means that this is not one. */
const maxFiles = 5_000;

/** The folder of the project that `directory` is in: the nearest with a package.json. Throws where there is none. */
export function projectFolder(directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) {
      throw new ScaffoldError(
        "no-project",
        `${directory} is in no project (there is no package.json here or above): go to your CDK app's folder, or make one with "bus new app <folder>"`,
      );
    }
  }
}

/** All TypeScript files below a folder, declarations left out. */
export function sourceFiles(project: string): readonly SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (prefix: string) => {
    for (const entry of readdirSync(join(project, prefix), { withFileTypes: true })) {
      if (leftOut.test(entry.name)) continue;
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) visit(`${path}/`);
      else if (/\.m?ts$/.test(entry.name) && !/\.d\.m?ts$/.test(entry.name)) {
        if (found.length === maxFiles) return;
        found.push({ path, text: readFileSync(join(project, path), "utf8") });
      }
    }
  };
  visit("");
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
}
