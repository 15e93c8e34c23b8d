/** Characters that matter between the elements of an array. */
const special = /["[\]{},]/g;
/** Characters that matter inside of a string. */
const inString = /["\\]/g;

/**
 * The texts of an array's elements, cut out of its JSON as they stand: parsing and writing them again would change bytes.
 * `json` is JSON already; `undefined` where it is no array.
 */
export function arrayElements(json: string): readonly string[] | undefined {
  const begin = json.indexOf("[");
  if (begin === -1 || json.slice(0, begin).trim() !== "") return undefined;
  const elements: string[] = [];
  let depth = 1;
  let from = begin + 1;
  special.lastIndex = from;
  for (let found = special.exec(json); found; found = special.exec(json)) {
    const at = found.index;
    switch (found[0]) {
      case '"':
        special.lastIndex = endOfString(json, at + 1);
        break;
      case "[":
      case "{":
        depth++;
        break;
      case ",":
        if (depth > 1) break;
        elements.push(json.slice(from, at).trim());
        from = at + 1;
        break;
      default:
        if (--depth > 0) break;
        if (elements.length > 0 || json.slice(from, at).trim() !== "")
          elements.push(json.slice(from, at).trim());
        return elements;
    }
  }
  return undefined;
}

/** The place behind a string's closing quote. */
function endOfString(json: string, from: number): number {
  inString.lastIndex = from;
  for (let found = inString.exec(json); found; found = inString.exec(json)) {
    if (found[0] === '"') return found.index + 1;
    inString.lastIndex = found.index + 2;
  }
  return json.length;
}
