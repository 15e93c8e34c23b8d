import { posix } from "node:path";
import type { Project } from "./project.ts";

/** How one file of a project imports another, as the project's own imports are written. */
export function importPath(
  from: string,
  to: string,
  { importEnding }: Pick<Project, "importEnding">,
): string {
  const relative = posix.relative(posix.dirname(from), to);
  return (relative.startsWith(".") ? relative : `./${relative}`).replace(/\.ts$/, importEnding);
}
