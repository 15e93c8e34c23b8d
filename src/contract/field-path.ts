import { plainText } from "./show-value.ts";

const maxSegments = 40;
const maxKeyLength = 60;

/** Writes a path as a reader would: `data.items[3].price`; a key that is no plain word is quoted. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path.slice(0, maxSegments)) {
    if (typeof key === "number") text += `[${key}]`;
    else if (typeof key === "string" && /^[A-Za-z_$][\w$-]{0,59}$/.test(key)) text += text ? `.${key}` : key;
    else text += `[${plainText(JSON.stringify(String(key).slice(0, maxKeyLength)), maxKeyLength * 6 + 3)}]`;
  }
  return path.length > maxSegments ? `${text}…` : text;
}
