import type { AttributeValue, Item } from "./ports.ts";

/** The same input with its bytes as DynamoDB's JSON has them: base64. */
export function toWire(input: unknown): unknown {
  if (input instanceof Uint8Array) return Buffer.from(input).toString("base64");
  if (Array.isArray(input)) return input.map(toWire);
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, toWire(value)]));
}

/** An item out of DynamoDB's JSON, with its bytes as the AWS SDK has them. */
export function fromWire(item: Item): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, valueFromWire(value)]));
}

function valueFromWire(value: AttributeValue): AttributeValue {
  if (value.B !== undefined) return { B: bytes(value.B) };
  if (value.BS) return { BS: value.BS.map(bytes) };
  if (value.L) return { L: value.L.map(valueFromWire) };
  if (value.M) return { M: fromWire(value.M) };
  return value;
}

function bytes(base64: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(String(base64), "base64"));
}
