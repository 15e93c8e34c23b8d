import type { WireMessage } from "../contract/index.ts";

/** Message attributes as SNS wants them. */
export type SnsAttributes = Record<string, { DataType: "String" | "Number"; StringValue: string }>;

/** A message's attributes in SNS's form: text as `String`, numbers as `Number`, so that filter policies can compare. */
export function toSnsAttributes(attributes: WireMessage["attributes"]): SnsAttributes {
  const converted: SnsAttributes = {};
  for (const name in attributes) {
    const value = attributes[name];
    converted[name] =
      typeof value === "number"
        ? { DataType: "Number", StringValue: String(value) }
        : { DataType: "String", StringValue: String(value) };
  }
  return converted;
}
