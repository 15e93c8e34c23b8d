import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";

/** The project's folder. */
export const project = join(import.meta.dirname, "../..");

/** Every file that git knows or would add, relative to the project. */
export function projectFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: project,
    maxBuffer: 16 * 1024 * 1024,
  });
  return [...new Set(listed.toString().split("\0"))].filter((file) => file !== "").sort();
}

/** A file's text, or `undefined` when it was deleted and git does not know yet. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(join(project, file), "utf8");
  } catch {
    return undefined;
  }
}

interface Node {
  readonly type?: string;
  readonly [key: string]: unknown;
}

/**
 * What a TypeScript file reaches for: every `a.b` of two plain names, every call `f()` of a plain name, and
 * `new Date()` without an argument. Comments and strings do not count.
 */
export function reaches(code: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) visit(one);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const node = value as Node;
    const word = wordOf(node);
    if (word !== undefined) found.add(word);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(code, { syntax: "typescript", target: "es2024" }).body);
  return found;
}

function wordOf(node: Node): string | undefined {
  if (node.type === "MemberExpression") {
    const [object, property] = [nameOf(node.object), nameOf(node.property)];
    return object !== undefined && property !== undefined ? `${object}.${property}` : undefined;
  }
  if (node.type === "CallExpression") {
    const callee = nameOf(node.callee);
    return callee === undefined ? undefined : `${callee}()`;
  }
  const bare = Array.isArray(node.arguments) ? node.arguments.length === 0 : true;
  if (node.type === "NewExpression" && nameOf(node.callee) === "Date" && bare) return "new Date()";
  return undefined;
}

function nameOf(value: unknown): string | undefined {
  const node = value as Node | null;
  return node?.type === "Identifier" && typeof node.value === "string" ? node.value : undefined;
}
