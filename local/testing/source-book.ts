import type { Entry } from "../../src/reconcile/index.ts";

const spans = 12;
const plain = 300;

/** What is hard to write down, to sum up or to read back. */
const accounts = [
  "account-7",
  "",
  "null",
  'it\'s "quoted", and more;',
  "back\\slash",
  "two\nlines\r\n",
  "tab\tand \u0001",
  "Zoë",
  "Zoe\u0308",
  "\u65e5\u672c",
  "\u{1F4B6} euro",
  "\u2028",
  " spaces ",
  "\u007f",
];
const amounts = [
  0,
  1,
  -1,
  12.5,
  0.1,
  -0.30000000000000004,
  1e21,
  1.5e-7,
  123_456_789_012,
  1e-6,
  999_999_999_999_999,
  2 ** 53 - 1,
  5e-324,
  1.7976931348623157e308,
  1e15,
  123456.789,
];

/**
 * Entries that a source may have trouble with: at the edges of spans, with keys that are nearly the same, fields of all
 * kinds (`account`: string, `amount`: number, `open`: boolean, each null at times), one span full and others empty, keys
 * that come again.
 */
export function sourceBook({
  spanMs,
  key: keyOf,
  repeats,
  fields = (index) => ({
    account: index % 17 === 0 ? null : (accounts[index % accounts.length] ?? null),
    amount: index % 19 === 0 ? null : (amounts[index % amounts.length] ?? null),
    open: index % 3 === 0 ? null : index % 3 === 1,
  }),
}: {
  readonly spanMs: number;
  readonly key: (name: string) => string;
  readonly repeats: boolean;
  readonly fields?: (index: number) => Entry["fields"];
}) {
  const startMs = Math.ceil(Date.UTC(2026, 0, 1) / spanMs) * spanMs;
  const entries: Entry[] = [];
  const add = (name: string, afterMs: number, index = entries.length) =>
    entries.push({ key: keyOf(name), timeMs: startMs + afterMs, fields: fields(index) });

  for (let index = 0; index < plain; index++) {
    // Half of all in the third span; the others spread over every span but the fifth.
    const span = index % 2 === 0 ? 2 : (index * 7) % spans === 4 ? 0 : (index * 7) % spans;
    add(`transfer-${index}`, span * spanMs + ((index * 7_919) % spanMs));
  }
  for (const edge of [0, 1, spans - 1]) {
    add(`begins-${edge}`, edge * spanMs);
    add(`ends-${edge}`, (edge + 1) * spanMs - 1);
  }
  for (const key of [
    "a",
    "A",
    "a ",
    " a",
    "a%",
    "a_",
    "\u00e9",
    "e\u0301",
    "1",
    "01",
    "1.0",
    "x".repeat(200),
  ]) {
    add(key, 6 * spanMs + 5);
  }
  if (!repeats) return { entries, repeated: [], startMs, endMs: startMs + spans * spanMs };
  add("twice", 7 * spanMs + 1, 1);
  add("twice", 7 * spanMs + 1, 1);
  add("twice-later", 7 * spanMs + 1, 1);
  add("twice-later", 7 * spanMs + 2, 1);
  add("in-two-spans", 8 * spanMs, 1);
  add("in-two-spans", 9 * spanMs, 1);
  add("with-other-fields", 8 * spanMs, 1);
  add("with-other-fields", 8 * spanMs, 2);
  for (let time = 0; time < 12; time++) add("many", 10 * spanMs + time, 1);
  const repeated = ["twice", "twice-later", "in-two-spans", "with-other-fields", "many"].map(keyOf);
  return { entries, repeated, startMs, endMs: startMs + spans * spanMs };
}
