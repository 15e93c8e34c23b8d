import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

/** What `schema/<name>.schema.json` does not accept in something that was written. */
export function schemaProblems(name: "dead-letter" | "log" | "metrics", written: unknown): readonly string[] {
  const schema = new URL(`../../schema/${name}.schema.json`, import.meta.url);
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(schema, "utf8")),
  );
  return validate(written)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
