import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Contract } from "./contract.ts";
import { fieldPath } from "./field-path.ts";
import { plainText } from "./show-value.ts";

/** Data that its contract accepts, as the schema's output, or the first thing that it does not accept. */
export type Validated =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly field: string; readonly message: string };

const maxMessageLength = 200;

/**
 * Asks the contract's schema. A promise only when the schema answers with one; never throws and never rejects:
 * a validator that throws has refused. What a validator says of a sensitive field is not repeated, since it may
 * quote the value.
 */
export function validateData(contract: Contract, data: unknown): Validated | Promise<Validated> {
  try {
    const result = contract.schema["~standard"].validate(data);
    if (!("then" in result)) return judge(contract, result);
    return result.then(
      (settled) => judge(contract, settled),
      (thrown) => threw(contract, thrown),
    );
  } catch (thrown) {
    return threw(contract, thrown);
  }
}

function judge(contract: Contract, result: StandardSchemaV1.Result<unknown>): Validated {
  if (!result.issues) return { ok: true, data: result.value };
  const [issue] = result.issues;
  const path = (issue?.path ?? []).map((part) => (typeof part === "object" ? part.key : part));
  const more = result.issues.length > 1 ? ` (and ${result.issues.length - 1} more)` : "";
  return {
    ok: false,
    field: fieldPath(["data", ...path]),
    message: mayQuote(contract, path[0]) ? plainText(issue?.message ?? "", maxMessageLength) + more : masked,
  };
}

function threw(contract: Contract, thrown: unknown): Validated {
  const why = thrown instanceof Error ? thrown.message : "a value that is no Error";
  const message = mayQuote(contract, undefined) ? `the validator threw: ${why}` : masked;
  return { ok: false, field: "data", message: plainText(message, maxMessageLength) };
}

const masked = "is not valid (the field is sensitive, so no more is said)";

function mayQuote(contract: Contract, field: PropertyKey | undefined): boolean {
  if (contract.sensitive.length === 0) return true;
  return field !== undefined && !contract.sensitive.includes(String(field));
}
