/** Bytes of what a line is given in front, at most. */
const frontBytes = 96;
const lineFeed = 0x0a;
const backslash = 0x5c;
const surrogate = Buffer.from("\\ud");
const replacement = Buffer.from("\\ufffd");

/**
 * Lines as they are queried: each with its span in front, and its offset where it has one (`offset` is that of the first line). Half
 * a surrogate pair, which JSON may hold and DuckDB refuses, becomes U+FFFD.
 */
export function localLines(
  lines: Buffer,
  { span, offset }: { readonly span: string; readonly offset?: { readonly segment: number } },
): Buffer {
  const count = countLines(lines);
  const made = Buffer.allocUnsafe(lines.length + count * frontBytes + 1);
  const front = offset ? `{"span":"${span}","offset":"${span}/${offset.segment}/` : `{"span":"${span}",`;
  let length = 0;
  let line = 0;
  for (let at = 0; at < lines.length; line++) {
    const found = lines.indexOf(lineFeed, at);
    const end = found === -1 ? lines.length : found;
    length += made.write(offset ? `${front}${line}",` : front, length, "latin1");
    // Without its opening brace.
    length += lines.copy(made, length, at + 1, end);
    made[length++] = lineFeed;
    at = end + 1;
  }
  return replaceHalfPairs(made.subarray(0, length));
}

function countLines(lines: Buffer): number {
  let count = 1;
  for (let at = lines.indexOf(lineFeed); at !== -1; at = lines.indexOf(lineFeed, at + 1)) count++;
  return count;
}

/** In place. JSON as JavaScript writes it escapes surrogates that stand alone, and no others. */
function replaceHalfPairs(json: Buffer): Buffer {
  for (let at = json.indexOf(surrogate); at !== -1; at = json.indexOf(surrogate, at + 1)) {
    if (!isEscaped(json, at) && /^[89a-f]/.test(json.toString("latin1", at + 3, at + 4)))
      replacement.copy(json, at);
  }
  return json;
}

/** Whether the backslash there is itself escaped: part of a text, and no escape. */
function isEscaped(json: Buffer, at: number): boolean {
  let before = at;
  while (before > 0 && json[before - 1] === backslash) before--;
  return (at - before) % 2 === 1;
}
