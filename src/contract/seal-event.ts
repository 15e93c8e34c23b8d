import { hash } from "node:crypto";
import { describeError, InvalidEventError, OmnibusError } from "../errors.ts";
import { isFifo } from "../names.ts";
import type { Contract, InputOf } from "./contract.ts";
import { contractKey } from "./contract-key.ts";
import type { WireMessage } from "./envelope.ts";
import { type EventStamp, envelopeHead } from "./event-stamp.ts";
import { fieldPath } from "./field-path.ts";
import { identityOf } from "./identity.ts";
import { messageAttributes } from "./message-attributes.ts";
import { plainText } from "./show-value.ts";
import { groupIdPattern, tenantGroup } from "./tenant-group.ts";
import { toJson } from "./to-json.ts";
import { type Validated, validateData } from "./validate-data.ts";
import { wireText } from "./wire-text.ts";

/**
 * Makes an event: validates the data, and writes envelope and message attributes, once and for good. The same
 * arguments give the same bytes. A promise only when the contract's schema validates asynchronously.
 *
 * The wire carries the schema's *input*, as JSON, and that JSON is what is validated here: it is what each
 * consumer will validate again, so what was sealed can be opened, also where a schema transforms. Filterable
 * fields are taken from the schema's *output*, as the contract types them.
 *
 * Throws (or rejects with) `InvalidEventError`: `invalid-data`, `not-json`, `invalid-attribute`, `invalid-stamp`,
 * `partitionkey`, `tenant`. Its message names the contract and the field. The message's size is not looked at: it is the
 * topic's to limit.
 */
export function sealEvent<C extends Contract>(
  contract: C,
  input: InputOf<C>,
  stamp: EventStamp,
): WireMessage | Promise<WireMessage> {
  const head = envelopeHead(contract, stamp);
  const ordered = orderedGroup(contract, stamp);
  const wire = wireData(contract, input);
  // Written before the schema sees the copy: a validator may change what it is given.
  const body = wireText({ ...head, data: wire });

  const seal = (validated: Validated): WireMessage => {
    if (!validated.ok) {
      throw new InvalidEventError(
        "invalid-data",
        `${contractKey(contract)}: ${validated.field}: ${validated.message}; nothing was sent`,
      );
    }
    const tenant = tenantGroup(contract, stamp, validated.data);
    return {
      topic: contract.topic,
      id: stamp.id,
      source: stamp.source,
      type: contract.type,
      body,
      attributes: messageAttributes(contract, validated.data),
      ...(tenant === undefined ? ordered : { groupId: tenant }),
    };
  };

  const validated = validateData(contract, wire);
  return validated instanceof Promise ? validated.then(seal) : seal(validated);
}

function wireData(contract: Contract, input: unknown): unknown {
  try {
    return toJson(input, (path, why) => {
      throw new InvalidEventError(
        "not-json",
        `${contractKey(contract)}: ${fieldPath(["data", ...path])}: ${why}; nothing was sent`,
      );
    });
  } catch (thrown) {
    if (thrown instanceof OmnibusError) throw thrown;
    throw new InvalidEventError(
      "not-json",
      `${contractKey(contract)}: data could not be read: ${plainText(describeError(thrown).message, 200)}`,
      { cause: thrown },
    );
  }
}

function orderedGroup(contract: Contract, stamp: EventStamp): { groupId?: string; deduplicationId?: string } {
  if (!isFifo(contract.topic)) return {};
  const groupId = stamp.partitionkey;
  if (groupId === undefined || !groupIdPattern.test(groupId)) {
    throw new InvalidEventError(
      "partitionkey",
      `${contractKey(contract)}: partitionkey ${groupId === undefined ? "is missing" : `${JSON.stringify(groupId.slice(0, 60))} is not allowed`}: on the ordered topic ${contract.topic} it is the message group, 1 to 128 printable ASCII characters without spaces`,
    );
  }
  return { groupId, deduplicationId: hash("sha256", identityOf(stamp), "hex") };
}
