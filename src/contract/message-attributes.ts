import { InvalidEventError } from "../errors.ts";
import type { Contract } from "./contract.ts";
import { contractKey } from "./contract-key.ts";
import { showValue } from "./show-value.ts";

/** What SNS and SQS refuse in a string attribute, as in a body. (API_SendMessage) */
const refusedCharacters = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** Magnitudes of a number attribute. (sqs-message-metadata) */
const smallestNumber = 1e-128;
const largestNumber = 1e126;

/**
 * The message attributes of an event: its type, and those filterable fields that it has. Booleans become "true"
 * and "false", since SNS has no boolean attribute. Throws `InvalidEventError` for what SNS would refuse.
 */
export function messageAttributes(contract: Contract, data: unknown): Record<string, string | number> {
  const attributes: Record<string, string | number> = { type: contract.type };
  if (contract.filterable.length === 0 || typeof data !== "object" || data === null) return attributes;
  for (const field of contract.filterable) {
    // Own fields only: `toString` is on every object.
    const value = Object.hasOwn(data, field) ? (data as Record<string, unknown>)[field] : undefined;
    if (value === undefined || value === null) continue;
    attributes[field] = attributeValue(contract, field, value);
  }
  return attributes;
}

function attributeValue(contract: Contract, field: string, value: unknown): string | number {
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "string":
      if (value === "") refuse(contract, field, "is empty, which SNS refuses; leave the field out instead");
      if (refusedCharacters.test(value)) {
        refuse(contract, field, "holds control characters or no Unicode, which SNS refuses");
      }
      return value;
    case "number":
      if (isSnsNumber(value)) return value;
      refuse(contract, field, `is ${value}; SNS takes 0, and magnitudes from 1e-128 to 1e126`);
      break;
    default:
      refuse(
        contract,
        field,
        `is ${showValue(value)}; only strings, numbers and booleans can be filtered on`,
      );
  }
}

function isSnsNumber(value: number): boolean {
  const magnitude = Math.abs(value);
  return magnitude === 0 || (magnitude >= smallestNumber && magnitude <= largestNumber);
}

function refuse(contract: Contract, field: string, problem: string): never {
  throw new InvalidEventError(
    "invalid-attribute",
    `${contractKey(contract)}: data.${field} is filterable, and ${problem}; nothing was sent`,
  );
}
