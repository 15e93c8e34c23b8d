import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** In the project and in the package alike, templates lie two folders above this file's. */
const folder = fileURLToPath(new URL("../../templates/", import.meta.url));

/** A template's text. */
export function templateText(path: string): string {
  return readFileSync(`${folder}${path}`, "utf8");
}

/** Every file of a folder of templates, by its path in there, sorted. */
export function templateFolder(name: string): ReadonlyMap<string, string> {
  const paths = readdirSync(`${folder}${name}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(`${folder}${name}/`.length))
    .sort();
  return new Map(paths.map((path) => [path, templateText(`${name}/${path}`)]));
}

/** Replaces words of a template, each as a whole word; those that are given first win. */
export function fillIn(text: string, words: Readonly<Record<string, string>>): string {
  const names = Object.keys(words).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return text.replace(
    new RegExp(`(?<![\\w-])(?:${names.join("|")})(?![\\w-])`, "g"),
    (word) => words[word] ?? word,
  );
}
