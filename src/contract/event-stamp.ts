import { InvalidEventError } from "../errors.ts";
import { attributeTextProblem } from "./attribute-text.ts";
import type { Contract } from "./contract.ts";
import { contractKey } from "./contract-key.ts";
import type { Envelope } from "./envelope.ts";
import { eventLimits } from "./event-limits.ts";
import { showValue } from "./show-value.ts";

/** What an event says of itself besides its data. */
export interface EventStamp {
  /** Who publishes: the same across deployments, since `source` and `id` are the event's identity. */
  readonly source: string;
  readonly id: string;
  /** When it happened. */
  readonly timeMs: number;
  readonly subject?: string;
  /** @default the event's own id: it is the first of its chain */
  readonly correlationid?: string;
  readonly causationid?: string;
  /** Required on ordered topics. */
  readonly partitionkey?: string;
  readonly traceparent?: string;
  readonly hop?: number;
}

/** Year 0 to 9999: what RFC 3339 can write. */
const firstMs = Date.parse("0000-01-01T00:00:00Z");
const lastMs = Date.parse("9999-12-31T23:59:59.999Z");

/** The envelope without its data, in the order of the wire. Throws `InvalidEventError` for what no consumer would take. */
export function envelopeHead(contract: Contract, stamp: EventStamp): Omit<Envelope, "data"> {
  const {
    source,
    id,
    timeMs,
    subject,
    correlationid = id,
    causationid,
    partitionkey,
    traceparent,
    hop,
  } = stamp;
  const extension = eventLimits.maxExtensionLength;
  checkText(contract, "source", source, eventLimits.maxSourceLength);
  checkText(contract, "id", id, eventLimits.maxIdLength);
  if (subject !== undefined) checkText(contract, "subject", subject, eventLimits.maxSubjectLength);
  if (correlationid !== id) checkText(contract, "correlationid", correlationid, extension);
  if (causationid !== undefined) checkText(contract, "causationid", causationid, extension);
  if (partitionkey !== undefined) checkText(contract, "partitionkey", partitionkey, extension);
  if (traceparent !== undefined) checkText(contract, "traceparent", traceparent, extension);
  if (!(timeMs >= firstMs && timeMs <= lastMs)) {
    refuse(contract, "timeMs", timeMs, "must be milliseconds since 1970, within the years 0 to 9999");
  }
  if (hop !== undefined && !(Number.isInteger(hop) && hop >= 0 && hop <= eventLimits.maxHop)) {
    refuse(
      contract,
      "hop",
      hop,
      `must be an integer from 0 to ${eventLimits.maxHop}; a longer chain of events that cause each other is a circle`,
    );
  }
  return {
    specversion: "1.0",
    id,
    source,
    type: contract.type,
    time: new Date(timeMs).toISOString(),
    ...(subject === undefined ? {} : { subject }),
    datacontenttype: "application/json",
    dataschema: contract.dataschema,
    correlationid,
    ...(causationid === undefined ? {} : { causationid }),
    ...(partitionkey === undefined ? {} : { partitionkey }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(hop === undefined ? {} : { hop }),
  };
}

function checkText(contract: Contract, field: string, value: unknown, maxLength: number): void {
  const problem = attributeTextProblem(value, maxLength);
  if (problem) refuse(contract, field, value, problem);
}

function refuse(contract: Contract, field: string, value: unknown, problem: string): never {
  throw new InvalidEventError(
    "invalid-stamp",
    `${contractKey(contract)}: ${field} ${showValue(value)} ${problem}; nothing was sent`,
  );
}
