/** What a consumer is unless told otherwise: the same where it is deployed and where it is tested. Milliseconds. */
export const consumerDefaults = {
  timeoutMs: 30_000,
  batchSize: 10,
  parallel: 10,
  /** MB. */
  memoryMb: 512,
  surviveMs: 6 * 3_600_000,
  firstDelayMs: 5_000,
  maxDelayMs: 15 * 60_000,
  deadLetterRetentionMs: 14 * 86_400_000,
  /** One batch of ten tells a partner that is down from one that fails now and then; six probes a minute cost little. */
  breaker: { failures: 5, windowMs: 30_000, probeMs: 10_000 },
} as const;

/** A tenth of the timeout, for the endings of what runs: half a second at least, five at most. */
export function marginMs(timeoutMs: number): number {
  return Math.min(5_000, Math.max(500, timeoutMs / 10));
}
