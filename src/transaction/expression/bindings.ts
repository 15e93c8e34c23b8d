import { TransactionError } from "../../errors.ts";
import type { AttributeValue, Item } from "../ports.ts";

/** What the placeholders of a write's expressions stand for. */
export interface Bindings {
  /** An attribute's name, as it stands in an expression or behind its placeholder. Throws for one that stands for nothing. */
  name(token: string): string;
  value(token: string): AttributeValue;
  /** A placeholder that no expression has used. */
  unused(): string | undefined;
}

/** Makes the `Bindings` of one write. */
export function bindingsOf({
  ExpressionAttributeNames: names = {},
  ExpressionAttributeValues: values = {},
}: {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}): Bindings {
  const used = new Set<string>();
  const bound = <Bound>(all: Record<string, Bound>, token: string): Bound => {
    used.add(token);
    if (Object.hasOwn(all, token)) return all[token] as Bound;
    throw new TransactionError("expression", `${token} stands in an expression, and for nothing`);
  };
  return {
    name(token) {
      if (token.startsWith("#")) return bound(names, token);
      if (!/^[A-Za-z]/.test(token))
        throw new TransactionError("expression", `"${token}" stands where an attribute's name must`);
      return token;
    },
    value(token) {
      if (token.startsWith(":")) return bound(values, token);
      throw new TransactionError("expression", `"${token}" stands where a value must`);
    },
    unused: () => [...Object.keys(names), ...Object.keys(values)].find((token) => !used.has(token)),
  };
}
