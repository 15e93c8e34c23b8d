/**
 * What Python and JavaScript read differently in a regular expression: escapes of one language only, octal numbers and
 * back references, named groups, flags and lookbehinds (Python's have a fixed width), possessive quantifiers, `{,n}`,
 * an empty class. The same expression as in `python/omnibus/schema/ecma_pattern.py`.
 */
const unlike =
  /(?<!\\)(?:\\\\)*(?:\\[0-9ACE-RT-VX-Zaceg-mo-qyz]|\\x(?![0-9A-Fa-f]{2})|\\u(?![0-9A-Fa-f]{4})|\(\?(?![:=!])|[*+?}]\+|\{,|\[\^?\])/;
const characterClass = /(?<!\\)(?:\\\\)*(\[(?:\\.|[^\]\\])*\])/g;
/** A range with a class for an end is an error in Python; `\B` has no meaning there. */
const unlikeInClass = /\\[dDwWsS]-[^\]]|[^[^]-\\[dDwWsS]|\\B/;

/** Why a pattern cannot be checked in Python as it is in JavaScript; `undefined` when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern);
  } catch {
    return `${JSON.stringify(pattern)} is no regular expression`;
  }
  const classes = [...pattern.matchAll(characterClass)].map(([, text = ""]) => text);
  return unlike.test(pattern) || classes.some((text) => unlikeInClass.test(text))
    ? `${JSON.stringify(pattern)} uses what Python and JavaScript read differently`
    : undefined;
}
