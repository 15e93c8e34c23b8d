/** The fields of one CSV record: quotes around what holds separators, quotes or line ends; quotes doubled. (RFC 4180) */
export function csvFields(record: string, separator: string): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let field = "";
    if (record[at] === '"') {
      for (;;) {
        const end = record.indexOf('"', at + 1);
        if (end < 0) throw new Error("a quote is not closed");
        field += record.slice(at + 1, end);
        at = end + 1;
        if (record[at] !== '"') break;
        field += '"';
      }
      if (at < record.length && !record.startsWith(separator, at)) {
        throw new Error(`text after a closed quote: ${JSON.stringify(record.slice(at, at + 20))}`);
      }
    } else {
      const end = record.indexOf(separator, at);
      field = record.slice(at, end < 0 ? undefined : end);
      at = end < 0 ? record.length : end;
    }
    fields.push(field);
    if (at >= record.length) return fields;
    at += separator.length;
  }
}
