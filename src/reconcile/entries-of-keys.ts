/** Entries that a look-up answers for all of its keys together: more are of a key that is there over and over. */
export const mostLookedUp = 20_000;

/** What a source throws where a look-up finds more than that: it would fill the memory. */
export function tooManyEntries(keys: readonly string[]): Error {
  const named = keys.slice(0, 3).map((key) => JSON.stringify(key.slice(0, 100)));
  return new Error(
    `more than ${mostLookedUp} entries of ${keys.length} keys (${named.join(", ")}${keys.length > 3 ? ", \u2026" : ""}): one key, over and over?`,
  );
}
