import { type FilterAttributes, matchesFilter } from "../filter/index.ts";
import type { LineFields, Sidecar } from "../segments/index.ts";
import { fieldsOf, type PickedLine } from "./picked-line.ts";
import type { ReplaySelection } from "./replay-job.ts";

/** Whether a line is selected, as far as its own fields tell: times and offsets are where it lies. */
export type LineWanted = (line: PickedLine) => boolean;

const attributesMark = Buffer.from(',"MessageAttributes":{');
/** Topics and attributes that were met; there are few, unless a filterable field has ever new values. */
const maxRemembered = 4_096;

/** Makes the test of a selection; `undefined` where any event will do. `list`: the keys of the events of its list. */
export function lineWanted(
  { type, topic, source, subject, filters }: ReplaySelection,
  list?: ReadonlySet<string>,
): LineWanted | undefined {
  const tests = Object.entries({ type, topic, source, subject }).flatMap(([name, texts]) =>
    texts === undefined ? [] : [{ name, test: textTest(texts) }],
  );
  const passes = filters && filterTest(filters);
  if (tests.length === 0 && !passes && !list) return undefined;
  return (line) => {
    const fields = fieldsOf(line);
    if (list && !isListed(list, fields)) return false;
    for (const { name, test } of tests) {
      const value = fields(name);
      if (value === undefined || !test(value)) return false;
    }
    return !passes || passes(line, fields("topic") ?? "");
  };
}

/** Whether a segment may have any: by the types that its sidecar counts. */
export function segmentWanted({ type }: ReplaySelection): (sidecar: Pick<Sidecar, "types">) => boolean {
  if (type === undefined) return () => true;
  const test = textTest(type);
  return ({ types }) => Object.keys(types).some(test);
}

/** The key of an event in a list: of any source where only its id is told. */
export function listKey(id: string, source?: string): string {
  return source === undefined ? id : `${source}\n${id}`;
}

function isListed(list: ReadonlySet<string>, fields: LineFields): boolean {
  const [source = "", id = ""] = [fields("source"), fields("id")];
  return list.has(listKey(id, source)) || list.has(listKey(id));
}

function textTest(texts: readonly string[]): (text: string) => boolean {
  const exact = new Set(texts.filter((text) => !text.endsWith("*")));
  const beginnings = texts.flatMap((text) => (text.endsWith("*") ? [text.slice(0, -1)] : []));
  return (text) => exact.has(text) || beginnings.some((beginning) => text.startsWith(beginning));
}

/** What SNS would let through: the same attributes again get the same answer, unparsed. */
function filterTest(
  filters: NonNullable<ReplaySelection["filters"]>,
): (line: PickedLine, topic: string) => boolean {
  const known = new Map<string, boolean>();
  return ({ bytes, messageAt, end }, topic) => {
    const mark = bytes.indexOf(attributesMark, messageAt);
    const text =
      mark === -1 || mark >= end ? "{}" : bytes.toString("utf8", mark + attributesMark.length - 1, end - 2);
    const key = `${topic}\n${text}`;
    let passes = known.get(key);
    if (passes === undefined) {
      const policy = filters[topic];
      passes = policy !== undefined && matchesFilter(policy, JSON.parse(text) as FilterAttributes);
      if (known.size >= maxRemembered) known.clear();
      known.set(key, passes);
    }
    return passes;
  };
}
