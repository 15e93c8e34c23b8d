import { attributeTextProblem, hasForbiddenCharacter } from "./attribute-text.ts";
import { claimProblem } from "./claim.ts";
import { dataschemaOf, versionOf } from "./dataschema.ts";
import type { EnvelopeProblem } from "./envelope-problem.ts";
import { eventLimits } from "./event-limits.ts";
import { isEventType } from "./event-type.ts";
import { isRfc3339 } from "./rfc3339.ts";
import { showValue } from "./show-value.ts";

type Rule = (value: unknown) => string | undefined;

const required = ["specversion", "id", "source", "type", "time", "dataschema"] as const;

const jsonContentType = /^application\/json(?: ?; ?charset="?utf-8"?)?$/i;

const text =
  (maxLength: number): Rule =>
  (value) =>
    attributeTextProblem(value, maxLength);

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["specversion", (value) => (value === "1.0" ? undefined : 'must be "1.0"')],
  ["id", text(eventLimits.maxIdLength)],
  ["source", text(eventLimits.maxSourceLength)],
  [
    "type",
    (value) =>
      typeof value === "string" && isEventType(value)
        ? undefined
        : `must be lower-case words with dots between them, at most ${eventLimits.maxTypeLength} characters`,
  ],
  [
    "time",
    (value) =>
      typeof value === "string" && isRfc3339(value)
        ? undefined
        : 'must be an RFC 3339 instant on a day that exists, as in "2026-01-31T12:00:00Z"',
  ],
  ["subject", text(eventLimits.maxSubjectLength)],
  [
    "datacontenttype",
    (value) =>
      typeof value === "string" && value.length <= 64 && jsonContentType.test(value)
        ? undefined
        : 'must be "application/json"',
  ],
  [
    "dataschema",
    (value) =>
      typeof value === "string" && versionOf(value) !== undefined
        ? undefined
        : 'must be "urn:omnibus:<type>:<version>"',
  ],
  ["correlationid", text(eventLimits.maxExtensionLength)],
  ["causationid", text(eventLimits.maxExtensionLength)],
  ["partitionkey", text(eventLimits.maxExtensionLength)],
  ["traceparent", text(eventLimits.maxExtensionLength)],
  [
    "hop",
    (value) =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) <= eventLimits.maxHop
        ? undefined
        : `must be an integer from 0 to ${eventLimits.maxHop}`,
  ],
  ["data_base64", () => "is not supported: send JSON in `data`"],
]);

/**
 * Checks a parsed envelope and completes it in place: an attribute that is `null` counts as left out (CloudEvents
 * JSON format, 2.2), and what plain SDK publishers may leave out gets its default. Its data is not looked at.
 */
export function completeEnvelope(envelope: Record<string, unknown>): EnvelopeProblem | undefined {
  for (const name of required) {
    if (envelope[name] === undefined || envelope[name] === null)
      return { field: name, message: "is missing" };
  }
  for (const name of Object.keys(envelope)) {
    if (name === "data") continue;
    const value = envelope[name];
    if (value === null) {
      delete envelope[name];
      continue;
    }
    const rule = rules.get(name);
    const message = rule ? rule(value) : extensionProblem(name, value);
    if (message) return { field: name, message: `${message}, not ${showValue(value)}` };
  }
  if (!("data" in envelope)) {
    const problem = claimProblem(envelope);
    if (problem) return problem;
  }
  const { type, dataschema } = envelope as { type: string; dataschema: string };
  if (dataschema !== dataschemaOf(type, versionOf(dataschema) ?? 0)) {
    return {
      field: "dataschema",
      message: `must name the event's type, "urn:omnibus:${type}:<version>", not ${showValue(dataschema)}`,
    };
  }
  if (envelope.datacontenttype !== "application/json") envelope.datacontenttype = "application/json";
  envelope.correlationid ??= envelope.id;
  return undefined;
}

/** Extensions that we do not know are kept as they are, if CloudEvents allows them. */
function extensionProblem(name: string, value: unknown): string | undefined {
  if (!/^[a-z0-9]{1,128}$/.test(name))
    return "extension attributes have lower-case letters and digits as names";
  if (typeof value === "boolean") return undefined;
  if (typeof value === "number") {
    return Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31
      ? undefined
      : "must be a 32-bit integer";
  }
  if (typeof value !== "string") return "must be a string, a boolean or an integer";
  return hasForbiddenCharacter(value) ? "must not hold control characters" : undefined;
}
