import { BlockList, isIP } from "node:net";

/**
 * Whether one rule of a filter policy takes one value: a text, a number, a boolean or null. Text and numbers are
 * different things to SNS: "300" is not 300. Sources: SNS, "String value matching", "Numeric value matching".
 */
export function matchesRule(rule: unknown, value: unknown): boolean {
  if (typeof rule !== "object" || rule === null) return rule === value;
  const [operator, operand] = Object.entries(rule)[0] ?? [];
  switch (operator) {
    case "anything-but":
      return isNoneOf(operand, value);
    case "numeric":
      return typeof value === "number" && Array.isArray(operand) && isInRange(operand, value);
    case "cidr":
      return typeof value === "string" && isInNetwork(String(operand), value);
    default:
      return typeof value === "string" && typeof operand === "string" && fits(operator, operand, value);
  }
}

function fits(operator: string | undefined, operand: string, value: string): boolean {
  switch (operator) {
    case "prefix":
      return value.startsWith(operand);
    case "suffix":
      return value.endsWith(operand);
    case "equals-ignore-case":
      return value.toLowerCase() === operand.toLowerCase();
    case "wildcard":
      return fitsWildcard(operand, value);
    default:
      return false;
  }
}

/** What is left out: values, or one pattern. */
function isNoneOf(operand: unknown, value: unknown): boolean {
  if (Array.isArray(operand)) return operand.every((one) => !matchesRule(one, value));
  return operand !== undefined && !matchesRule(operand, value);
}

/** `[">", 0, "<=", 150]`: every comparison must hold. */
function isInRange(comparisons: readonly unknown[], value: number): boolean {
  if (comparisons.length === 0 || comparisons.length % 2 === 1) return false;
  for (let at = 0; at < comparisons.length; at += 2) {
    const bound = Number(comparisons[at + 1]);
    if (!compares(comparisons[at], value, bound)) return false;
  }
  return true;
}

function compares(operator: unknown, value: number, bound: number): boolean {
  switch (operator) {
    case "=":
      return value === bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    default:
      return false;
  }
}

/** `*` stands for any text. Part by part from the left, so that it takes time linear in the text. */
function fitsWildcard(pattern: string, value: string): boolean {
  const parts = pattern.split("*");
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return value === pattern;
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last))
    return false;
  let at = first.length;
  const end = value.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function isInNetwork(network: string, address: string): boolean {
  const [base = "", bits = ""] = network.split("/");
  const family = isIP(base);
  if (family === 0 || isIP(address) !== family || !/^\d{1,3}$/.test(bits)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(bits), type);
  return list.check(address, type);
}
