/** The 32 bits of a hash or sum at one of its four places. */
export function wordOf(hash: string, word: number): number {
  return Number.parseInt(hash.slice(word * 8, word * 8 + 8), 16);
}

/** Four words as 32 hex characters. */
export function textOf(words: Uint32Array): string {
  let text = "";
  for (const word of words) text += word.toString(16).padStart(8, "0");
  return text;
}
