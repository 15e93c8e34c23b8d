import {
  type ClaimStore,
  type ClaimWriter,
  claimLimits,
  createClaimWriter,
  s3Claims,
} from "../claim-check/index.ts";
import type { Clock } from "../clock.ts";
import { SettingsError } from "../errors.ts";
import { claimsBucketName } from "../names.ts";

/** How a publisher keeps data that is too large for a message. */
export interface PublisherClaims {
  /** Data of one event at most, in bytes. @default 16 MiB: what is larger is a file; 256 MiB at most */
  readonly maxBytes?: number;
  /** @default the bus's bucket of claims, in S3 */
  readonly store?: ClaimStore;
}

/** Answers the publisher's `ClaimWriter`: a promise only as long as the account is not known. */
export function publisherClaims({
  bus,
  region,
  account,
  clock,
  claims: { maxBytes = claimLimits.defaultBytes, store },
}: {
  readonly bus: string;
  readonly region: string | undefined;
  readonly account: string | (() => Promise<string>);
  readonly clock: Clock;
  readonly claims: PublisherClaims;
}): () => ClaimWriter | Promise<ClaimWriter> {
  if (!(maxBytes >= 1 && maxBytes <= claimLimits.maxBytes)) {
    throw new SettingsError(
      "publisher-option",
      `claims.maxBytes is ${maxBytes}; 1 to ${claimLimits.maxBytes} are allowed`,
    );
  }
  let made: ClaimWriter | undefined;
  let asking: Promise<ClaimWriter> | undefined;
  const make = (known: string): ClaimWriter => {
    const bucket = claimsBucketName(bus, known, region ?? "");
    made ??= createClaimWriter({
      bucket,
      store: store ?? s3Claims({ bucket, region, clock }),
      clock,
      maxBytes,
    });
    return made;
  };
  const ask = async (find: () => Promise<string>) => {
    try {
      return make(await find());
    } finally {
      asking = undefined;
    }
  };
  return () => {
    if (made) return made;
    if (typeof account === "string") return make(account);
    asking ??= ask(account);
    return asking;
  };
}
