import type { GroupChange, ParkedGroup } from "./ports.ts";

/**
 * The change that lets a parked group's line be handled; nothing where it is being handled already. Without
 * `withPoison` the poison is left out: its dead letter is all that stays of it.
 */
export function beginRelease(
  before: ParkedGroup,
  { id, nowMs, withPoison }: { readonly id: string; readonly nowMs: number; readonly withPoison: boolean },
): GroupChange | undefined {
  if (before.release) return undefined;
  const { consumer, group, revision, poison, first } = before;
  const skip = { key: poison.key, place: first };
  const release = { id, sinceMs: nowMs, ...(withPoison ? {} : { skip }) };
  const to = { ...before, revision: revision + 1, release };
  return { consumer, group, from: revision, to, put: [], remove: [] };
}
