import type { StandardJSONSchemaV1 } from "@standard-schema/spec";
import type { Contract } from "../../src/contract/index.ts";

/** The file in a Python function's bundle that `omnibus.load_contract` reads. */
export const contractsFileName = "omnibus_contracts.json";

/** The contracts of a consumer as its code in another language reads them: `schema/contracts.schema.json`. */
export function contractsFile(contracts: readonly Contract[]): string {
  const entries = contracts.map((contract) => {
    const { type, version, topic, filterable, sensitive, tenant } = contract;
    // A function does not travel: a guard tells of it.
    const whose = typeof tenant === "string" ? { tenant } : {};
    return [
      `${type}:${version}`,
      { type, version, topic, filterable, sensitive, ...whose, schema: wireSchema(contract) },
    ];
  });
  return `${JSON.stringify({ v: 1, contracts: Object.fromEntries(entries) }, undefined, 2)}\n`;
}

/**
 * The JSON Schema (draft 2020-12) of a contract's data as it travels. Throws what the validator throws, and a
 * `TypeError` where it has no Standard JSON Schema.
 */
export function wireSchema({ schema }: Contract): unknown {
  const standard: Partial<StandardJSONSchemaV1.Props> = schema["~standard"];
  if (!standard.jsonSchema) throw new TypeError(`${standard.vendor} offers no Standard JSON Schema`);
  return standard.jsonSchema.input({ target: "draft-2020-12" });
}
