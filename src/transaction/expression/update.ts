import { TransactionError } from "../../errors.ts";
import type { AttributeValue } from "../ports.ts";
import type { Bindings } from "./bindings.ts";
import { type Path, readPath } from "./path.ts";
import { type Tokens, tokensOf } from "./tokens.ts";

/** One thing that an update does. */
export type UpdateAction =
  | { readonly does: "SET"; readonly path: Path; readonly to: Operand }
  | { readonly does: "REMOVE"; readonly path: Path }
  | { readonly does: "ADD" | "DELETE"; readonly path: Path; readonly value: AttributeValue };

/** What an attribute is set to. */
export type Operand =
  | { readonly is: "value"; readonly value: AttributeValue }
  | { readonly is: "path"; readonly path: Path }
  | { readonly is: "if_not_exists"; readonly path: Path; readonly otherwise: Operand }
  | { readonly is: "list_append" | "+" | "-"; readonly first: Operand; readonly second: Operand };

/** Reads an UpdateExpression. Throws `TransactionError` (`expression`) for what is none. */
export function readUpdate(expression: string, bindings: Bindings): readonly UpdateAction[] {
  const tokens = tokensOf(expression);
  const actions: UpdateAction[] = [];
  const seen = new Set<string>();
  while (tokens.peek() !== "") {
    const clause = tokens.take().toUpperCase();
    if (!isClause(clause)) throw unreadable(tokens);
    if (seen.has(clause)) throw new TransactionError("expression", `${clause} stands twice in ${expression}`);
    seen.add(clause);
    do actions.push(readAction(clause, tokens, bindings));
    while (tokens.takeIf(","));
  }
  if (actions.length === 0) throw tokens.unreadable();
  return actions;
}

function unreadable(tokens: Tokens): TransactionError {
  tokens.back(1);
  return tokens.unreadable();
}

function isClause(word: string): word is UpdateAction["does"] {
  return word === "SET" || word === "REMOVE" || word === "ADD" || word === "DELETE";
}

function readAction(does: UpdateAction["does"], tokens: Tokens, bindings: Bindings): UpdateAction {
  const path = readPath(tokens, bindings);
  if (does === "REMOVE") return { does, path };
  if (does !== "SET") return { does, path, value: bindings.value(tokens.take()) };
  tokens.expect("=");
  const first = readOperand(tokens, bindings);
  const sign = tokens.peek();
  if (sign !== "+" && sign !== "-") return { does, path, to: first };
  tokens.take();
  return { does, path, to: { is: sign, first, second: readOperand(tokens, bindings) } };
}

function readOperand(tokens: Tokens, bindings: Bindings): Operand {
  if (tokens.takeIf("(")) {
    const inner = readOperand(tokens, bindings);
    tokens.expect(")");
    return inner;
  }
  const next = tokens.peek();
  if (next.startsWith(":")) return { is: "value", value: bindings.value(tokens.take()) };
  if (tokens.peek(1) !== "(") return { is: "path", path: readPath(tokens, bindings) };
  // The names of functions are written as they are, unlike those of clauses.
  if (next !== "if_not_exists" && next !== "list_append") throw tokens.unreadable();
  tokens.take();
  tokens.expect("(");
  const first: Operand =
    next === "list_append" ? readOperand(tokens, bindings) : { is: "path", path: readPath(tokens, bindings) };
  tokens.expect(",");
  const second = readOperand(tokens, bindings);
  tokens.expect(")");
  if (first.is === "path" && next === "if_not_exists")
    return { is: next, path: first.path, otherwise: second };
  return { is: "list_append", first, second };
}
