import { describeError } from "../errors.ts";
import type { Contract, DataOf } from "./contract.ts";
import { contractKey } from "./contract-key.ts";
import { versionOf } from "./dataschema.ts";
import type { Envelope, EventOf, Opened, RejectionCode } from "./envelope.ts";
import { plainText } from "./show-value.ts";
import { type Validated, validateData } from "./validate-data.ts";

/**
 * Finds the contract that fits an envelope, raises older data to its version, and validates. A contract of the
 * event's very version is preferred; otherwise the nearest later one whose `upcast` reaches down to it. Never
 * throws: what does not fit is a `Rejection`. A promise only when the contract's schema validates asynchronously.
 *
 * The envelope stays as it arrived, with the data that hashes are made of; upcasters get a copy.
 */
export function openEnvelope(envelope: Envelope, contracts: readonly Contract[]): Opened | Promise<Opened> {
  const version = versionOf(envelope.dataschema) ?? 0;
  const sameType = contracts.filter(({ type }) => type === envelope.type);
  if (sameType.length === 0) {
    const known = list(contracts);
    return reject(
      "unknown-type",
      "type",
      `no contract for ${plainText(envelope.type, 128)}; known: ${known}`,
    );
  }
  const contract = contractFor(version, sameType);
  if (!contract) {
    return reject(
      "unknown-version",
      "dataschema",
      `version ${version} of ${envelope.type} is not known, and no upcast leads from it; known: ${list(sameType)}; redrive it after an upgrade`,
    );
  }
  const raised = upcast(envelope, version, contract);
  if (!raised.ok) return raised;

  const open = (validated: Validated): Opened => {
    if (!validated.ok) {
      return reject("invalid-data", validated.field, `${contractKey(contract)}: ${validated.message}`);
    }
    const event: EventOf<Contract> = {
      ...envelope,
      data: validated.data as DataOf<Contract>,
      version: contract.version,
    };
    return { ok: true, contract, event };
  };

  const validated = validateData(contract, raised.data);
  return validated instanceof Promise ? validated.then(open) : open(validated);
}

function contractFor(version: number, sameType: readonly Contract[]): Contract | undefined {
  let nearest: Contract | undefined;
  for (const contract of sameType) {
    if (contract.version === version) return contract;
    if (!Object.hasOwn(contract.upcast, version)) continue;
    if (!nearest || contract.version < nearest.version) nearest = contract;
  }
  return nearest;
}

function upcast(
  envelope: Envelope,
  version: number,
  contract: Contract,
): { ok: true; data: unknown } | Extract<Opened, { ok: false }> {
  if (version === contract.version) return { ok: true, data: envelope.data };
  let data: unknown = structuredClone(envelope.data);
  let from = version;
  try {
    for (; from < contract.version; from++) {
      data = contract.upcast[from]?.(data);
      if (!isThenable(data)) continue;
      // Nobody waits for it: its failure must not end the process.
      Promise.resolve(data).catch(() => {});
      return reject(
        "upcast-failed",
        "data",
        `${contractKey(contract)}: the upcast from version ${from} returned a promise, and promises are not awaited here: let it return the newer data itself`,
      );
    }
  } catch (thrown) {
    const why = contract.sensitive.length === 0 ? `: ${describeError(thrown).message}` : "";
    return reject(
      "upcast-failed",
      "data",
      plainText(`${contractKey(contract)}: the upcast from version ${from} threw${why}`, 300),
    );
  }
  return { ok: true, data };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function list(contracts: readonly Contract[]): string {
  return contracts.slice(0, 8).map(contractKey).join(", ") || "none";
}

function reject(code: RejectionCode, field: string, message: string): Extract<Opened, { ok: false }> {
  return { ok: false, rejection: { code, field, message } };
}
