import { bucketOf, type Entry, entryHash } from "../../digest/index.ts";
import { SettingsError } from "../../errors.ts";
import { entryIndex } from "../entry-index.ts";
import type { LedgerSource } from "../ports.ts";
import { type IndexedBook, sourceOverIndex } from "../source-over-index.ts";
import { type ByteFile, localFile } from "./byte-file.ts";
import { csvFields } from "./csv.ts";
import { type FileRecord, recordsOf } from "./records.ts";

interface FileOptions {
  /** As reports name it. */
  readonly name: string;
  /** A path, or what reads another place. */
  readonly file: string | ByteFile;
  /** That of the comparison. @default an hour */
  readonly spanMs?: number;
}

export type FileSourceOptions = FileOptions &
  (
    | {
        /** The first line names the columns. UTF-8; fields as in RFC 4180. */
        readonly format: "csv";
        /** @default "," */
        readonly separator?: string;
        /** A line as an entry, by the names of its columns; `undefined`: it is none (a total, a heading). */
        readonly entryOf: (row: Readonly<Record<string, string>>) => Entry | undefined;
      }
    | {
        /** A JSON value on each line. */
        readonly format: "ndjson";
        readonly entryOf: (row: unknown) => Entry | undefined;
      }
  );

/** Bits of an index's place that tell a record's length; the others tell its offset. */
const lengthBits = 2 ** 20;

/**
 * A file of lines as a source: a bank's daily statement. It is streamed once, and an index of about 40 bytes a line is
 * kept; what is listed or looked up is read back by its offset. When the file has changed it is read anew.
 *
 * A line that cannot be read makes all of the file unknown, and is named with its offset; so does an entry without a key (a
 * column that was renamed), and a CSV file that has not even a line of columns: a statement that is not there yet is none
 * that says that nothing happened.
 */
export function fileSource(options: FileSourceOptions): LedgerSource {
  const { name, spanMs = 3_600_000 } = options;
  if (options.format !== "csv" && options.format !== "ndjson") {
    const { format } = options as { format: unknown };
    throw new SettingsError(
      "file-format",
      `format ${JSON.stringify(format)} is not known; "csv" or "ndjson" is`,
    );
  }
  const file = typeof options.file === "string" ? localFile(options.file) : options.file;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  /** How a record becomes an entry; of a CSV file by its first record. */
  const readerOf = (first: Uint8Array) => {
    if (options.format === "ndjson") {
      return {
        isHead: false,
        entryOf: (bytes: Uint8Array) => options.entryOf(JSON.parse(decoder.decode(bytes))),
      };
    }
    const { separator = "," } = options;
    const columns = csvFields(decoder.decode(first), separator);
    const entryOf = (bytes: Uint8Array) => {
      const fields = csvFields(decoder.decode(bytes), separator);
      if (fields.length !== columns.length) {
        throw new Error(`${fields.length} fields where the first line names ${columns.length}`);
      }
      return options.entryOf(
        Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? ""])),
      );
    };
    return { isHead: true, entryOf };
  };
  const at = <T>({ offset }: Pick<FileRecord, "offset">, read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      throw new Error(`byte ${offset}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  };

  const load = async (version: string): Promise<IndexedBook> => {
    const index = entryIndex(spanMs);
    let reader: ReturnType<typeof readerOf> | undefined;
    for await (const record of recordsOf(file.stream(version), options.format === "csv")) {
      if (!reader) {
        reader = at(record, () => readerOf(record.bytes));
        if (reader.isHead) continue;
      }
      const { entryOf } = reader;
      const entry = at(record, () => entryOf(record.bytes));
      if (!entry) continue;
      at(record, () => {
        if (entry.key === "") throw new Error("its entry has an empty key: is its column there?");
        index.add({
          span: Math.floor(entry.timeMs / spanMs),
          bucket: bucketOf(entry.key),
          hash: entryHash(entry, spanMs),
          at: record.offset * lengthBits + record.bytes.length,
        });
      });
    }
    if (options.format === "csv" && !reader) throw new Error("it is empty: not even its columns are there");
    index.order();
    const pieceOf = (place: number) => ({
      offset: Math.floor(place / lengthBits),
      length: place % lengthBits,
    });
    return {
      index,
      read: async (places) => {
        if (places.length === 0) return [];
        const pieces = places.map(pieceOf);
        const found = await file.read(pieces, version);
        return pieces.map((piece, nth) => {
          const entry = at(piece, () => reader?.entryOf(found[nth] ?? new Uint8Array(0)));
          if (!entry) throw new Error(`byte ${piece.offset}: it was an entry, and is none now`);
          return entry;
        });
      },
    };
  };

  let loaded: { readonly version: string; readonly book: Promise<IndexedBook> } | undefined;
  const book = async (): Promise<IndexedBook> => {
    const version = await file.version();
    if (loaded?.version !== version) {
      const made = { version, book: load(version) };
      loaded = made;
      // What could not be read is tried again when it is asked for again.
      made.book.catch(() => {
        if (loaded === made) loaded = undefined;
      });
    }
    return loaded.book;
  };
  return sourceOverIndex({ name, spanMs, book });
}
