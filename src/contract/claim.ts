import type { Envelope } from "./envelope.ts";
import type { EnvelopeProblem } from "./envelope-problem.ts";
import { showValue } from "./show-value.ts";

/**
 * What stands in an envelope in the place of data that was too large for a message. (CloudEvents, extension dataref)
 *
 * The object holds the data's canonical JSON in UTF-8, so its SHA-256 is the data's hash: what identity and reconciliation
 * go by does not depend on where the data lies.
 */
export interface Claim {
  /** `s3://{bucket}/{key}`. */
  readonly ref: string;
  /** Length of the object. */
  readonly bytes: number;
  /** `dataHash` of the data, and SHA-256 of the object. */
  readonly hash: string;
}

/** A claim's attributes, as they stand in an envelope. */
export function claimAttributes({ ref, bytes, hash }: Claim): Readonly<Record<string, unknown>> {
  return { dataref: ref, datarefbytes: bytes, datarefhash: hash };
}

/** The claim of an envelope that was decoded; `undefined` where it has its data itself. */
export function claimOf(envelope: Envelope): Claim | undefined {
  if ("data" in envelope) return undefined;
  const { dataref, datarefbytes, datarefhash } = envelope as Readonly<Record<string, unknown>>;
  return { ref: dataref as string, bytes: datarefbytes as number, hash: datarefhash as string };
}

const maxRefLength = 2_048;

/** What keeps an envelope without data from naming where it lies. */
export function claimProblem(envelope: Readonly<Record<string, unknown>>): EnvelopeProblem | undefined {
  const { dataref, datarefbytes, datarefhash } = envelope;
  if (dataref === undefined) return { field: "data", message: "is missing" };
  if (typeof dataref !== "string" || dataref === "" || dataref.length > maxRefLength) {
    const message = `must be a reference of 1 to ${maxRefLength} characters, where there is no data, not ${showValue(dataref)}`;
    return { field: "dataref", message };
  }
  if (!Number.isInteger(datarefbytes) || (datarefbytes as number) < 1) {
    const message = `must be the length of what dataref names, in bytes, not ${showValue(datarefbytes)}`;
    return { field: "datarefbytes", message };
  }
  if (typeof datarefhash !== "string" || !/^[0-9a-f]{64}$/.test(datarefhash)) {
    const message = `must be the SHA-256 of what dataref names, in hex, not ${showValue(datarefhash)}`;
    return { field: "datarefhash", message };
  }
  return undefined;
}
