import type { Clock } from "../clock.ts";
import type { ClaimStore } from "./ports.ts";

/** Longer than other calls may take: a claim is larger than what they carry. */
const callTimeoutMs = 30_000;

/** A `ClaimStore` in an S3 bucket. Code and SDK are loaded with the first call: most events are small. */
export function s3Claims({
  bucket,
  region,
  clock,
}: {
  readonly bucket: string;
  readonly region: string | undefined;
  readonly clock: Clock;
}): ClaimStore {
  let loading: Promise<ClaimStore> | undefined;
  const store = () => {
    loading ??= import("../segments/index.ts").then(({ s3Objects }) =>
      s3Objects({ bucket, region, clock, callTimeoutMs }),
    );
    return loading;
  };
  return {
    put: async (key, body, options) => (await store()).put(key, body, options),
    get: async (key, range) => (await store()).get(key, range),
  };
}
