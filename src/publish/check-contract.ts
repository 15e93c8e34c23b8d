import type { Contract } from "../contract/index.ts";
import { InvalidEventError } from "../errors.ts";

/** Contracts that were looked at already: a publisher sees few, many times. */
const known = new WeakSet<Contract>();

/**
 * Throws `InvalidEventError` (`unknown-contract`) for what `defineEvent` did not make. A copy of the library in
 * another bundle makes contracts too, so it is their looks that count.
 */
export function checkContract(contract: Contract): void {
  if (known.has(contract)) return;
  const made: Partial<Contract> = typeof contract === "object" && contract !== null ? contract : {};
  const urn = `urn:omnibus:${made.type}:${made.version}`;
  if (!Object.isFrozen(contract) || made.dataschema !== urn || !made.schema || !made.topic) {
    throw new InvalidEventError(
      "unknown-contract",
      `${made.type ? `the contract of ${made.type}` : "the first argument"} was not made by defineEvent; nothing was sent; declare the event with defineEvent and give what it returns`,
    );
  }
  known.add(contract);
}
