import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What Lambda's own Python has: boto3, and what that needs. (lambda-python) */
const inRuntime = new Set(
  "boto3 botocore jmespath python-dateutil s3transfer six urllib3 awslambdaric".split(" "),
);

/**
 * The packages that a `requirements.txt` beside the entry names and that do not lie there with their `dist-info`, as
 * `pip install --target` puts them. Those with a condition (`; python_version < "3.11"`) are passed over.
 */
export function missingPackages(file: string): readonly string[] {
  const folder = dirname(file);
  const list = join(folder, "requirements.txt");
  if (!existsSync(list)) return [];
  const there = new Set(
    readdirSync(folder).flatMap((name) => /^(.+?)-[^-]+\.dist-info$/.exec(name)?.slice(1).map(normal) ?? []),
  );
  return readFileSync(list, "utf8")
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => !line.includes(";"))
    .flatMap((line) => /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(line) ?? [])
    .filter((name) => !inRuntime.has(normal(name)) && !there.has(normal(name)));
}

/** As package indexes compare names. (PEP 503) */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
