import type { Item, Value } from "./item-size.ts";

/** A PartiQL write with its parameters filled in, as far as the counting needs it. */
export type Write =
  | { readonly kind: "insert"; readonly table: string; readonly item: Item }
  | {
      readonly kind: "update";
      readonly table: string;
      readonly key: Value;
      /** Attributes that get a new value; `undefined` removes one. */
      readonly set: Readonly<Record<string, Value | undefined>>;
    }
  | { readonly kind: "read"; readonly table: string; readonly key: Value };

const insertion = /^INSERT INTO "([^"]+)" VALUE \{(.*)\}$/s;
const update = /^UPDATE "([^"]+)" (SET|REMOVE) (.*?) WHERE "\w+"=\?(.*)$/s;
const selection = /^SELECT \* FROM "([^"]+)" WHERE "\w+"=\?/s;
const field = /'(\w+)':(\?|'[^']*'|-?\d+)/g;
const assignment = /"?(\w+)"?=(\?|'[^']*'|\w+[+-]\d+)/g;

/** Reads one statement. Throws on a form that it does not know: a count that guesses is worth nothing. */
export function readStatement(statement: string, parameters: readonly Value[]): Write {
  let used = 0;
  const take = (written: string): Value => {
    if (written === "?") {
      const value = parameters[used++];
      if (value === undefined) throw new Error(`too few parameters: ${statement}`);
      return value;
    }
    return written.startsWith("'") ? { S: written.slice(1, -1) } : { N: written.replace(/\D/g, "") };
  };

  const inserted = insertion.exec(statement);
  if (inserted?.[1] !== undefined && inserted[2] !== undefined) {
    const fields = [...inserted[2].matchAll(field)].map(([, name = "", written = ""]) => [
      name,
      take(written),
    ]);
    return { kind: "insert", table: inserted[1], item: Object.fromEntries(fields) as Item };
  }
  const updated = update.exec(statement);
  if (updated?.[1] !== undefined && updated[3] !== undefined) {
    const assigned = updated[2] === "SET" ? [...updated[3].matchAll(assignment)] : [];
    const set = Object.fromEntries(
      updated[2] === "SET"
        ? assigned.map(([, name = "", written = ""]) => [name, take(written)])
        : [...updated[3].matchAll(/"(\w+)"/g)].map(([, name]) => [name, undefined]),
    ) as Record<string, Value | undefined>;
    return { kind: "update", table: updated[1], key: take("?"), set };
  }
  const selected = selection.exec(statement);
  if (selected?.[1] !== undefined) return { kind: "read", table: selected[1], key: take("?") };
  throw new Error(`a statement that the canned table does not know: ${statement}`);
}
