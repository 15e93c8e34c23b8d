/** How many starts a rate can reserve ahead: what all who share it may ask for at one time. */
export function limitRoom({
  count,
  windowMs,
  horizonMs,
}: {
  readonly count: number;
  readonly windowMs: number;
  readonly horizonMs: number;
}): number {
  return Math.floor((count * horizonMs) / windowMs);
}
