import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { sourceConformance } from "../../../local/testing/source-conformance.ts";
import {
  type Entry,
  fileSource,
  indexedEntries,
  type LedgerSource,
  wholeSpan,
} from "../../../src/reconcile/index.ts";
import { localFile } from "../../../src/reconcile/sources/byte-file.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { book, brief, findings, hourMs, startMs } from "../books.ts";

const folder = temporaryFolder();
let files = 0;
const newFile = (text: string | Uint8Array) => {
  const path = join(folder, `statement-${files++}`);
  writeFileSync(path, text);
  return path;
};
const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A statement whose fields are JSON in their cells: CSV itself knows no null and no numbers. */
function csvOf(entries: readonly Entry[], end = "\n"): string {
  const rows = entries.map(({ key, timeMs, fields }) =>
    [key, new Date(timeMs).toISOString(), JSON.stringify(fields)].map(quoted).join(","),
  );
  return [`\uFEFFreference,booked,details`, ...rows, "TOTAL,,"].join(end) + end;
}

function csvSource(text: string | Uint8Array): LedgerSource {
  return fileSource({
    name: "statement",
    file: newFile(text),
    format: "csv",
    entryOf: ({ reference = "", booked = "", details = "" }) =>
      reference === "TOTAL"
        ? undefined
        : { key: reference, timeMs: Date.parse(booked), fields: JSON.parse(details) as Entry["fields"] },
  });
}

function ndjsonSource(text: string): LedgerSource {
  return fileSource({ name: "lines", file: newFile(text), format: "ndjson", entryOf: (row) => row as Entry });
}

describe("fileSource of CSV", () => {
  for (const { name, check } of sourceConformance((entries) => csvSource(csvOf(entries)))) it(name, check);

  it("reads what Windows writes as well, and other separators", async () => {
    const entries = book(30);
    const right = indexedEntries({ name: "right", entries, spanMs: hourMs });

    expect(brief(await findings(csvSource(csvOf(entries, "\r\n")), right))).toEqual([]);
    const semicolons = fileSource({
      name: "semicolons",
      file: newFile(`id;at;cents\na;${startMs};5\nb;${startMs};"7"`),
      format: "csv",
      separator: ";",
      entryOf: ({ id = "", at, cents }) => ({
        key: id,
        timeMs: Number(at),
        fields: { cents: Number(cents) },
      }),
    });
    expect(await semicolons.lookup(["b", "a"])).toMatchObject([
      [{ fields: { cents: 7 } }],
      [{ fields: { cents: 5 } }],
    ]);
  });

  it.each([
    [
      "a quote that is not closed",
      'reference,booked,details\nx,"2026,{}\n',
      /byte \d+: a quote is not closed/,
    ],
    [
      "too few fields",
      "reference,booked,details\nx,2026\n",
      /byte 25: 2 fields where the first line names 3/,
    ],
    ["text after a quote", 'reference,booked,details\n"x"y,2026,{}\n', /byte 25: text after a closed quote/],
    ["a date that is none", "reference,booked,details\nx,yesterday,{}\n", /byte 25: its time is not one of/],
    [
      "a column of keys that was renamed",
      `number,booked,details\n7,2026-01-01,{}\n`,
      /byte 22: its entry has an empty key/,
    ],
    [
      "bytes that are no UTF-8",
      Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xff, 0x2c, 0x0a]),
      /byte 4: .*encoded data/,
    ],
  ])("names the place of %s, and calls nothing missing", async (_, text, message) => {
    const source = csvSource(text);

    const [finding] = await findings(
      source,
      indexedEntries({ name: "right", entries: book(5), spanMs: hourMs }),
    );

    expect(finding).toMatchObject({
      fault: { source: "statement", message: expect.stringMatching(message) },
    });
  });
});

describe("fileSource of a CSV file without entries", () => {
  const right = indexedEntries({ name: "right", entries: book(5), spanMs: hourMs });

  it("calls nothing missing while not even its columns are there", async () => {
    expect(await findings(csvSource(""), right)).toMatchObject([
      { fault: { source: "statement", message: expect.stringContaining("it is empty") } },
    ]);
  });

  it("believes one that has its columns and nothing below", async () => {
    const found = brief(await findings(csvSource("reference,booked,details\n"), right));

    expect(found).toEqual(book(5).map(({ key }) => `missing-left ${key}`));
  });
});

describe("fileSource of NDJSON", () => {
  const linesOf = (entries: readonly Entry[]) => entries.map((entry) => JSON.stringify(entry)).join("\n");
  for (const { name, check } of sourceConformance((entries) => ndjsonSource(linesOf(entries))))
    it(name, check);

  it("reads a file anew when it has changed", async () => {
    const path = newFile(linesOf(book(10)));
    const source = fileSource({
      name: "lines",
      file: path,
      format: "ndjson",
      entryOf: (row) => row as Entry,
    });
    const whole = wholeSpan(startMs, startMs + 24 * hourMs);
    expect((await source.digest([whole]))[0]?.count).toBe(10);

    writeFileSync(path, linesOf(book(25)));

    expect((await source.digest([whole]))[0]?.count).toBe(25);
    expect(await source.lookup(["transfer-20"])).toMatchObject([[{ key: "transfer-20" }]]);
  });

  it("says what is not there, and finds it once it is", async () => {
    const path = join(folder, "later.ndjson");
    const source = fileSource({
      name: "lines",
      file: path,
      format: "ndjson",
      entryOf: (row) => row as Entry,
    });
    const right = indexedEntries({ name: "right", entries: book(5), spanMs: hourMs });

    expect(brief(await findings(source, right))).toEqual(["unknown source-failed"]);
    writeFileSync(path, linesOf(book(5)));
    expect(brief(await findings(source, right))).toEqual([]);
  });

  it.each<[string, (path: string, text: string) => void]>([
    ["into its place", writeFileSync],
    [
      "beside it, and put there",
      (path, text) => {
        writeFileSync(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      },
    ],
  ])("takes no line for another one where a file is written anew under its hands: %s", async (_, write) => {
    // The same lines in another order, as long as before: at each place stands an entry, and not the one that was there.
    const [before, after] = [book(30), book(30).reverse()];
    const path = newFile(linesOf(before));
    const watched = localFile(path);
    let beforeReading = () => {};
    const source = fileSource({
      name: "lines",
      file: {
        ...watched,
        read: (pieces, version) => {
          beforeReading();
          return watched.read(pieces, version);
        },
      },
      format: "ndjson",
      entryOf: (row) => row as Entry,
    });
    expect(await source.lookup(["transfer-7"])).toEqual([[before[7]]]);

    beforeReading = () => write(path, linesOf(after));
    await expect(source.lookup(["transfer-7"])).rejects.toThrow(`${path} was written anew while it was read`);

    beforeReading = () => {};
    expect(await source.lookup(["transfer-7"])).toEqual([[before[7]]]);
  });

  it("refuses to count a file that grows while it is read", async () => {
    const path = newFile(linesOf(book(30)));
    const file = localFile(path);
    const source = fileSource({
      name: "lines",
      file: {
        ...file,
        async *stream(version) {
          for await (const chunk of file.stream(version)) {
            appendFileSync(path, `\n${JSON.stringify(book(31).at(-1))}`);
            yield chunk;
          }
        },
      },
      format: "ndjson",
      entryOf: (row) => row as Entry,
    });
    const right = indexedEntries({ name: "right", entries: book(31), spanMs: hourMs });

    expect(brief(await findings(source, right))).toEqual(["unknown source-failed"]);
  });

  it("refuses a format that it does not know", () => {
    expect(() =>
      fileSource({ name: "x", file: "x", format: "xml" as "ndjson", entryOf: () => undefined }),
    ).toThrow(/"xml" is not known; "csv" or "ndjson" is/);
  });
});
