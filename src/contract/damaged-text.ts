/** What a reader puts where it meets bytes that are no UTF-8: the character that stood there is lost. */
const replacement = "\ufffd";
/** Lower halves of surrogate pairs, which a well-formed text lacks; two, since an escaped upper half may stand before. */
const mark = "\udc00\udc00";

/** Why a text with the replacement character in it is not taken. */
export const damagedText =
  "holds U+FFFD: the sender's bytes were not UTF-8, and a character is lost (whoever means this one writes it \\ufffd)";

/** Whether bytes were lost on the way of this JSON text. Who means U+FFFD itself writes it as an escape. */
export function isDamaged(json: string): boolean {
  return json.includes(replacement);
}

/** The damaged places of a well-formed text as what `checkJson` finds, also when an escape stands beside them. */
export function markDamage(json: string): string {
  return json.replaceAll(replacement, mark);
}

/** A path in marked JSON as it is in the text that came. */
export function unmarkPath(path: readonly PropertyKey[]): readonly PropertyKey[] {
  return path.map((key) => (typeof key === "string" ? key.replaceAll(mark, replacement) : key));
}
