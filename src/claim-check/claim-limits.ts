const MiB = 1024 * 1024;

/** How much data a claim may hold, in bytes: what a function can take into its memory, parse and check. */
export const claimLimits = {
  /** Of one claim, unless a publisher is told otherwise. A larger thing is a file: keep it elsewhere, and publish its address. */
  defaultBytes: 16 * MiB,
  /** Of one claim, whatever a publisher is told. Consumers refuse what is over. */
  maxBytes: 256 * MiB,
  /** Of all claims that one batch of a consumer has in memory; a single one may be larger. */
  batchBytes: 32 * MiB,
} as const;
