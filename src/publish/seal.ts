import type { ClaimWriter } from "../claim-check/index.ts";
import { type Clock, uuidv7 } from "../clock.ts";
import { type Contract, type InputOf, sealEvent, type WireMessage } from "../contract/index.ts";
import { InvalidEventError } from "../errors.ts";
import { checkContract } from "./check-contract.ts";
import { fitMessage } from "./fit-message.ts";
import { messageBytes } from "./message-size.ts";
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
  claims,
}: {
  readonly source: string;
  readonly clock: Clock;
  readonly maxBytes: number;
  /** Takes the data out of what is too large. */
  readonly claims?: (() => ClaimWriter | Promise<ClaimWriter>) | undefined;
}): Seal {
  const measured = (message: WireMessage): Measured | Promise<Measured> => {
    if (!claims || messageBytes(message) <= maxBytes) return measure(message, maxBytes);
    const fitted = (writer: ClaimWriter) => fitMessage(message, maxBytes, writer);
    const writer = claims();
    return writer instanceof Promise ? writer.then(fitted) : fitted(writer);
  };

  return (contract, data, options = {}) => {
    checkContract(contract);
    if ("at" in options || "afterMs" in options) {
      throw new InvalidEventError(
        "delay",
        "events are delayed one by one: give at and afterMs to publish, and to nothing else; nothing was sent",
      );
    }
    const { id, time, ...rest } = options;
    const timeMs = time === undefined ? clock.nowMs() : time.getTime();
    if (Number.isNaN(timeMs)) {
      throw new InvalidEventError(
        "invalid-time",
        "the event's time is no date: give a valid Date, or none for now",
      );
    }
    const sealed = sealEvent(contract, data, { ...rest, source, id: id ?? uuidv7(clock), timeMs });
    return sealed instanceof Promise ? sealed.then(measured) : measured(sealed);
  };
}
