import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";

/** The part of a dependency-cruiser configuration that we write. */
interface Rules {
  readonly forbidden: IForbiddenRuleType[];
  readonly options: ICruiseOptions;
}

const project = join(import.meta.dirname, "../..");

/** An import that the rules of `.dependency-cruiser.mjs` forbid. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const folders = [
  "bin",
  "lib",
  "lambdas",
  "src",
  "local",
  "ops",
  "cli",
  "console",
  "drills",
  "package",
  "bench",
  "test",
] as const;

/** Reads every import below `root` and answers those that are forbidden, with how many files were read. */
export async function findViolations(root: string): Promise<{ files: number; violations: Violation[] }> {
  const present = folders.filter((folder) => existsSync(join(root, folder)));
  if (present.length === 0) return { files: 0, violations: [] };
  // By its path, because the file is plain JavaScript without types.
  const file = pathToFileURL(join(project, ".dependency-cruiser.mjs")).href;
  const { forbidden, options } = ((await import(file)) as { default: Rules }).default;
  const { output } = await cruise(present, {
    ...options,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden },
  });
  const result = output as ICruiseResult;
  const comments = new Map(forbidden.map(({ name, comment }) => [name, comment]));
  return {
    files: result.modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`)))
      .length,
    violations: result.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      from,
      to,
      why: comments.get(rule.name) ?? "",
    })),
  };
}

if (import.meta.main) {
  const root = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? project;
  const { files, violations } = await findViolations(root);
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ files, violations }));
  } else {
    for (const { rule, from, to, why } of violations) console.log(`${from} → ${to}  (${rule}: ${why})`);
    console.log(`${files} files read, ${violations.length} forbidden imports`);
  }
  // A run that read nothing has not shown anything.
  process.exitCode = violations.length > 0 || files === 0 ? 1 : 0;
}
