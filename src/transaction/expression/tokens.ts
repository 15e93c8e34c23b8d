import { TransactionError } from "../../errors.ts";

/** The tokens of an expression, taken one after the other. */
export interface Tokens {
  /** The next one, which stays; empty at the end. */
  peek(ahead?: number): string;
  /** The next one. Throws at the end. */
  take(): string;
  /** Takes the next one if it is `word`, whatever its case. */
  takeIf(word: string): boolean;
  /** Takes `symbol`. Throws where something else stands. */
  expect(symbol: string): void;
  /** Goes back to before the token `count` places back. */
  back(count: number): void;
  /** The error that tells where the expression cannot be read. */
  unreadable(): TransactionError;
}

const token = /\s*(<>|<=|>=|[=<>(),.[\]+-]|[:#]?[A-Za-z0-9_]+)/y;

/** Splits an expression of DynamoDB. Throws `TransactionError` (`expression`) for a character that cannot be. */
export function tokensOf(expression: string): Tokens {
  const fail = (near: string) =>
    new TransactionError("expression", `${JSON.stringify(expression)} cannot be read at "${near}"`);
  const all: string[] = [];
  const end = expression.trimEnd().length;
  for (let from = 0; from < end; from = token.lastIndex) {
    token.lastIndex = from;
    const found = token.exec(expression)?.[1];
    if (found === undefined) throw fail(expression.slice(from, from + 20).trim());
    all.push(found);
  }
  let at = 0;
  const tokens: Tokens = {
    peek: (ahead = 0) => all[at + ahead] ?? "",
    take() {
      const found = all[at];
      if (found === undefined) throw tokens.unreadable();
      at++;
      return found;
    },
    takeIf(word) {
      if (tokens.peek().toUpperCase() !== word) return false;
      at++;
      return true;
    },
    expect(symbol) {
      if (!tokens.takeIf(symbol)) throw tokens.unreadable();
    },
    back(count) {
      at -= count;
    },
    unreadable: () => fail(tokens.peek() || "its end"),
  };
  return tokens;
}
