/** What the id of a replay ends with that shall have no effects. */
export const shadowSuffix = "-shadow";

/**
 * Whether a run is a replay's that shall have no effects. It stands in the replay's id, since that goes wherever a message goes: onto a dead
 * letter, back from there, into the ledger's key.
 */
export function isShadow(replayId: string | undefined): boolean {
  return replayId?.endsWith(shadowSuffix) === true;
}
