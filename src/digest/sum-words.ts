import { hash } from "node:crypto";

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

/** The first 128 bits of SHA-256 of a text, as four words: put into `words`, since this is done for every line there is. */
export function hashWords(text: string, words: Uint32Array): void {
  const bytes = hash("sha256", text, "binary");
  for (let word = 0; word < 4; word++) {
    const at = word * 4;
    words[word] =
      (bytes.charCodeAt(at) << 24) |
      (bytes.charCodeAt(at + 1) << 16) |
      (bytes.charCodeAt(at + 2) << 8) |
      bytes.charCodeAt(at + 3);
  }
}
