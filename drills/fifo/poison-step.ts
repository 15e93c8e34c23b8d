/** How many accounts there are, how many steps each takes, and in how many of them one step is poison. */
export interface Sizes {
  readonly groups: number;
  readonly events: number;
  readonly poison: number;
}

/** Which step of an account is poison: spread over the accounts, each somewhere else in its middle. */
export function poisonStep(index: number, { groups, events, poison }: Sizes): number | undefined {
  const every = Math.floor(groups / Math.max(1, poison));
  if (poison === 0 || index % every !== 0 || index / every >= poison) return undefined;
  return Math.floor(events / 4) + ((index / every) % Math.max(1, Math.floor(events / 2)));
}
