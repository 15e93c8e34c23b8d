/** What a value may be besides objects and arrays: strings, numbers and the three words. */
const scalar =
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const key = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const space = /[\t\n\r ]*/y;

/**
 * Where in a text JSON ends to be JSON: the offset of the first thing that cannot stand there, or the text's end.
 * `undefined` when all of it is JSON. V8 tells the place of some mistakes only.
 */
export function jsonErrorAt(text: string): number | undefined {
  let at = 0;
  const open: ("}" | "]")[] = [];
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found === undefined) return false;
    at += found.length;
    return true;
  };
  const take = (mark: string): boolean => {
    skip(space);
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  const takeKey = (): boolean => {
    skip(space);
    return skip(key) && take(":");
  };
  /** A value's beginning; all of it where it holds no others. */
  const takeValue = (): boolean => {
    for (;;) {
      if (take("{")) {
        if (take("}")) return true;
        open.push("}");
        if (!takeKey()) return false;
      } else if (take("[")) {
        if (take("]")) return true;
        open.push("]");
      } else {
        return skip(scalar);
      }
    }
  };

  if (!takeValue()) return at;
  while (open.length > 0) {
    const end = open.at(-1) ?? "";
    if (take(end)) open.pop();
    else if (!take(",") || (end === "}" && !takeKey()) || !takeValue()) return at;
  }
  skip(space);
  return at < text.length ? at : undefined;
}
