import { type Clock, uuidv7 } from "../clock.ts";
import { type Contract, type InputOf, sealEvent } from "../contract/index.ts";
import { InvalidEventError } from "../errors.ts";
import type { PublishOptions } from "./publisher.ts";
import { type Measured, measure } from "./refuse-message.ts";

/** Makes the bytes of one event, and refuses what may not be sent. A promise only where the schema answers one. */
export type Seal = <C extends Contract>(
  contract: C,
  data: InputOf<C>,
  options?: PublishOptions,
) => Measured | Promise<Measured>;

/** Makes a `Seal` for one source. It throws `InvalidEventError`. */
export function createSeal({
  source,
  clock,
  maxBytes,
}: {
  readonly source: string;
  readonly clock: Clock;
  readonly maxBytes: number;
}): Seal {
  return (contract, data, options = {}) => {
    checkContract(contract);
    const { id, time, ...rest } = options;
    const timeMs = time === undefined ? clock.nowMs() : time.getTime();
    if (Number.isNaN(timeMs)) {
      throw new InvalidEventError(
        "invalid-time",
        "the event's time is no date: give a valid Date, or none for now",
      );
    }
    const sealed = sealEvent(contract, data, { ...rest, source, id: id ?? uuidv7(clock), timeMs });
    return sealed instanceof Promise
      ? sealed.then((message) => measure(message, maxBytes))
      : measure(sealed, maxBytes);
  };
}

/** Contracts that were looked at already: a publisher sees few, many times. */
const known = new WeakSet<Contract>();

/** A copy of the library in another bundle makes contracts too, so it is their looks that count. */
function checkContract(contract: Contract): void {
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
