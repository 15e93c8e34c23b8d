import { describeError, OmnibusError } from "../errors.ts";
import type { SendResult } from "./ports.ts";

/** The failed half of a `SendResult`. */
export type SendFailure = Extract<SendResult, { ok: false }>;

/**
 * What a failed call means for each of its messages. `contentAtFault` says that one message may have spoiled the
 * call for all: each must be tried alone.
 */
export function describeCallFailure(thrown: unknown): SendFailure & { readonly contentAtFault: boolean } {
  const { name, message } = describeError(thrown);
  if (thrown instanceof OmnibusError) {
    const { code, retryable } = thrown;
    return { ok: false, code, message, retryable, contentAtFault: false };
  }
  const contentAtFault = spoiledByContent.test(name);
  const retryable = !contentAtFault && !isHopeless(thrown, name);
  return { ok: false, code: name, message, retryable, contentAtFault };
}

/** SNS refuses a whole call for one bad message. (API_PublishBatch, Errors) */
const spoiledByContent = /^(InvalidParameter|ParameterValueInvalid|Validation|BatchRequestTooLong)/;

/** Whether a failure of this code is the message's own: it fails the same way for ever, and others go through. */
export function isContentAtFault(code: string): boolean {
  return spoiledByContent.test(code) || ownRefusals.includes(code);
}

/** What `measure` refuses a message for. */
const ownRefusals: readonly string[] = ["too-large", "too-many-attributes", "no-partition-key"];

/** No such topic, no right to it, no credentials: the same call fails the same way tomorrow. (CommonErrors) */
const hopeless =
  /^(NotFound|ResourceNotFound|AuthorizationError|AccessDenied|KMSAccessDenied|KMSDisabled|KMSInvalidState|KMSNotFound|KMSOptInRequired|OptInRequired|InvalidClientTokenId|UnrecognizedClient|MissingAuthenticationToken|NotAuthorized|InvalidSecurity|EndpointDisabled|InvalidAction|CredentialsProviderError)/;

/** These come with a client error's status, yet pass by themselves: throttling, clocks and tokens that get renewed. */
const passing =
  /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|Timeout|Expired|Skewed|InTheFuture|InvalidSignature|SignatureDoesNotMatch/;

function isHopeless(thrown: unknown, name: string): boolean {
  if (passing.test(name)) return false;
  if (hopeless.test(name)) return true;
  const status = httpStatus(thrown);
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function httpStatus(thrown: unknown): number | undefined {
  if (typeof thrown !== "object" || thrown === null || !("$metadata" in thrown)) return undefined;
  const metadata = thrown.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}

/** An entry that SNS refused inside a call that it took. Throttling passes by itself, whoever is to blame. */
export function entryFailure({
  code = "Unknown",
  message,
  senderFault,
}: {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly senderFault: boolean;
}): SendFailure {
  const retryable = !senderFault || /Throttl|TooManyRequests|RequestLimit/.test(code);
  return { ok: false, code, message: message || code, retryable };
}

/** An entry that SNS named neither as taken nor as refused. */
export const unanswered: SendFailure = {
  ok: false,
  code: "no-answer",
  message: "SNS named the entry neither as successful nor as failed",
  retryable: true,
};
