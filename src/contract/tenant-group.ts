import { hash } from "node:crypto";
import { describeError, InvalidEventError } from "../errors.ts";
import { isFifo } from "../names.ts";
import type { Contract } from "./contract.ts";
import { contractKey } from "./contract-key.ts";
import type { EventStamp } from "./event-stamp.ts";
import { plainText, showValue } from "./show-value.ts";
import type { Tenant } from "./tenant.ts";

/** A message group's id. (API_Publish: MessageGroupId) */
export const groupIdPattern = /^[!-~]{1,128}$/;

/**
 * The message group of an event's tenant, on a standard topic: queues behind it are fair then, so that one tenant's
 * backlog does not keep the others waiting. `undefined` where the contract has no tenant, or this event has none.
 *
 * A key that SQS would refuse as a group (spaces, other letters, more than 128 characters) travels as its SHA-256 in
 * hex: tenants stay apart, and no event is lost over a name. Throws `InvalidEventError` (`tenant`) when the function
 * throws or answers something else than a key.
 */
export function tenantGroup(contract: Contract, stamp: EventStamp, data: unknown): string | undefined {
  const { tenant, topic } = contract;
  if (tenant === undefined || isFifo(topic)) return undefined;
  const key = keyOf(contract, tenant, stamp, data);
  if (key === undefined || key === null || key === "") return undefined;
  if (typeof key === "object" || typeof key === "function" || typeof key === "symbol") {
    refuse(contract, `its tenant is ${showValue(key)}; a text or a number is allowed, or nothing`);
  }
  const text = String(key);
  return groupIdPattern.test(text) ? text : hash("sha256", text, "hex");
}

function keyOf(contract: Contract, tenant: Tenant, stamp: EventStamp, data: unknown): unknown {
  if (typeof tenant === "string") {
    const isObject = typeof data === "object" && data !== null;
    return isObject && Object.hasOwn(data, tenant) ? (data as Record<string, unknown>)[tenant] : undefined;
  }
  const { id, source, subject, partitionkey } = stamp;
  try {
    return tenant({
      id,
      source,
      type: contract.type,
      ...(subject === undefined ? {} : { subject }),
      ...(partitionkey === undefined ? {} : { partitionkey }),
      data,
    });
  } catch (thrown) {
    const why = contract.sensitive.length === 0 ? `: ${describeError(thrown).message}` : "";
    return refuse(contract, plainText(`its tenant function threw${why}`, 200), thrown);
  }
}

function refuse(contract: Contract, problem: string, cause?: unknown): never {
  throw new InvalidEventError("tenant", `${contractKey(contract)}: ${problem}; nothing was sent`, { cause });
}
