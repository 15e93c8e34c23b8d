import type { StandardJSONSchemaV1 } from "@standard-schema/spec";
import type { Contract } from "./contract.ts";

/**
 * The JSON Schema (draft 2020-12) of a contract's data on the wire, or `undefined` when the validator cannot say:
 * it has no Standard JSON Schema interface (zod 4 and arktype have it; valibot once wrapped by its
 * `toStandardJsonSchema`), or the schema cannot be put so.
 */
export function jsonSchemaOf(contract: Contract): Readonly<Record<string, unknown>> | undefined {
  const standard: Partial<StandardJSONSchemaV1.Props> = contract.schema["~standard"];
  try {
    return standard.jsonSchema?.input({ target: "draft-2020-12" });
  } catch {
    return undefined;
  }
}
