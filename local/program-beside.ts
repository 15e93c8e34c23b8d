import { extname } from "node:path";

/**
 * The program `name` beside the file at `url` (its `import.meta.url`): TypeScript in the project, JavaScript in the
 * package. What is started so stands in `tsconfig.build.json` as well: no import leads the compiler to it.
 */
export function programBeside(name: string, url: string): URL {
  return new URL(`./${name}${extname(url)}`, url);
}
