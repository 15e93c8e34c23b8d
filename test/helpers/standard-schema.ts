import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Ajv2020 } from "ajv/dist/2020.js";

/** A Standard Schema of a JSON Schema, as any user may bring one. */
export function standardSchema(schema: object): StandardSchemaV1 {
  const validate = new Ajv2020({ strict: false }).compile(schema);
  return {
    "~standard": {
      version: 1,
      vendor: "ajv",
      validate: (value) => {
        if (validate(value)) return { value };
        return {
          issues: (validate.errors ?? []).map(({ instancePath, params, message }) => ({
            message: message ?? "",
            path: [
              ...instancePath
                .split("/")
                .slice(1)
                .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
              ...(params.missingProperty === undefined ? [] : [params.missingProperty]),
            ],
          })),
        };
      },
    },
  };
}
