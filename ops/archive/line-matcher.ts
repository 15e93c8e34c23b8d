import type { Line } from "../../src/segments/index.ts";

/** Which lines are asked for, field by field: any of the texts will do. One that ends in `*` stands for all that begin so. */
export interface WantedLines {
  readonly type?: readonly string[] | undefined;
  readonly topic?: readonly string[] | undefined;
  readonly source?: readonly string[] | undefined;
  readonly id?: readonly string[] | undefined;
  readonly subject?: readonly string[] | undefined;
  readonly correlationid?: readonly string[] | undefined;
  /** Of the journal. */
  readonly consumer?: readonly string[] | undefined;
  /** Of the journal. */
  readonly state?: readonly string[] | undefined;
}

type Test = (text: string) => boolean;

/** Makes the test of whether a line of the archive or the journal is asked for. One without the field is not. */
export function lineMatcher(wanted: WantedLines): (line: Line) => boolean {
  const { type, ...others } = wanted;
  const isType = type && testOf(type);
  const tests = Object.entries(others).flatMap(([name, texts]): (readonly [string, Test])[] =>
    texts === undefined ? [] : [[name, testOf(texts)]],
  );
  return (line) => {
    if (isType && (line.type === undefined || !isType(line.type))) return false;
    if (tests.length === 0) return true;
    const fields = JSON.parse(line.bytes.toString()) as Readonly<Record<string, unknown>>;
    return tests.every(([name, test]) => {
      const value = fields[name];
      return typeof value === "string" && test(value);
    });
  };
}

function testOf(texts: readonly string[]): Test {
  const exact = new Set(texts.filter((text) => !text.endsWith("*")));
  const beginnings = texts.flatMap((text) => (text.endsWith("*") ? [text.slice(0, -1)] : []));
  return (text) => exact.has(text) || beginnings.some((beginning) => text.startsWith(beginning));
}
