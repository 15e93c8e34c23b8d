/** A record of a file: where it is, and its bytes without the line end. */
export interface FileRecord {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const [lineFeed, carriageReturn, quote] = [0x0a, 0x0d, 0x22];
const byteOrderMark = [0xef, 0xbb, 0xbf];
/** Longer lines are no records of a ledger; and where one is takes one number, with its length in the lower 20 bits. */
export const maxRecordBytes = 2 ** 20 - 1;

/** Cuts a stream into lines, as it comes. `quoted`: a line feed inside of double quotes is a part of the record. */
export async function* recordsOf(
  stream: AsyncIterable<Uint8Array>,
  quoted: boolean,
): AsyncGenerator<FileRecord> {
  let offset = 0;
  let held: Uint8Array = new Uint8Array(0);
  let inQuotes = false;
  for await (const chunk of stream) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let start = 0;
    for (let at = held.length; at < bytes.length; at++) {
      if (quoted && bytes[at] === quote) inQuotes = !inQuotes;
      if (bytes[at] !== lineFeed || inQuotes) continue;
      yield* recordOf(bytes.subarray(start, at), offset + start);
      start = at + 1;
    }
    held = bytes.slice(start);
    offset += start;
    if (held.length > maxRecordBytes) throw tooLong(offset);
  }
  if (inQuotes) throw new Error(`byte ${offset}: a quote is not closed before the file ends`);
  yield* recordOf(held, offset);
}

function* recordOf(line: Uint8Array, offset: number): Generator<FileRecord> {
  const skip =
    offset === 0 && byteOrderMark.every((byte, at) => line[at] === byte) ? byteOrderMark.length : 0;
  const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  const bytes = line.subarray(skip, end);
  if (bytes.length > maxRecordBytes) throw tooLong(offset);
  if (bytes.length > 0) yield { offset: offset + skip, bytes };
}

function tooLong(offset: number): Error {
  return new Error(`byte ${offset}: a line of more than ${maxRecordBytes} bytes`);
}
