import { canonicalJson, omnibusAttribute } from "../contract/index.ts";
import { SegmentError } from "../errors.ts";
import { type Line, lineFields, type PlacedLine, type SegmentKind } from "../segments/index.ts";
import { type ArchiveLine, formatArchiveLine, messageMark, parseArchiveLine } from "./archive-line.ts";
import { unpackLine } from "./archive-lines.ts";

const attributesMark = '"MessageAttributes":';
/** Topics and attributes that were met; there are few of them, unless a filterable field has ever new values. */
const maxSets = 4_096;

/** The archive's lines, as segments keep them. */
export const archiveKind: SegmentKind = {
  name: "archive",
  parse(bytes) {
    const at = bytes.indexOf(messageMark);
    if (at === -1) throw badLine(bytes);
    const field = lineFields(bytes, at);
    const timeMs = Date.parse(field("time") ?? "");
    const published = field("published");
    if (published === undefined || Number.isNaN(timeMs)) throw badLine(bytes);
    const line = { bytes, timeMs, order: published };
    const topic = field("topic");
    const type = field("type");
    const source = field("source");
    const id = field("id");
    if (type !== undefined && source !== undefined && id !== undefined) {
      const hash = field("hash") ?? "";
      return {
        ...line,
        identity: identityOf({ source, id, hash, messageId: "" }),
        type,
        odd: field("eventTime") !== undefined,
        entry: {
          key: `${source}\n${id}`,
          fields: `{"hash":"${hash}","type":${JSON.stringify(type)}}`,
          set: setOf(topic, bytes, at),
        },
      };
    }
    const messageId = field("messageId");
    if (messageId === undefined) throw badLine(bytes);
    const identity = identityOf({ messageId, index: field("index") });
    const none = { ...line, identity, type: undefined, odd: false, entry: undefined };
    if (field("packed") === undefined) return none;
    return { ...none, expand: () => unpackLine(parseArchiveLine(bytes)).map(lineOf) };
  },
};

function badLine(bytes: Buffer): SegmentError {
  return new SegmentError(
    "bad-line",
    `a line of the archive has no time, published, messageId or message: it begins with ${bytes.toString("utf8", 0, 80)}`,
  );
}

/** A line that was made just now, as it is written raw. */
export function rawLineOf(line: ArchiveLine): PlacedLine {
  return {
    bytes: Buffer.from(formatArchiveLine(line)),
    timeMs: Date.parse(line.time),
    identity: identityOf(line),
    order: line.published,
  };
}

function lineOf(line: ArchiveLine): Line {
  return archiveKind.parse(Buffer.from(formatArchiveLine(line)));
}

/**
 * An event is known by its name and its data, since two events under one name are both to be kept; anything else by its message
 * and its place in it.
 */
function identityOf({
  source,
  id,
  hash = "",
  messageId,
  index,
}: Pick<ArchiveLine, "source" | "id" | "hash" | "messageId"> & {
  index?: string | number | undefined;
}): string {
  if (source !== undefined && id !== undefined) return `${source}\n${id}\n${hash}`;
  return index === undefined ? messageId : `${messageId}/${index}`;
}

const sets = new Map<string, string>();

/** Topic and attributes as canonical JSON, without our own attribute: what the filters of subscriptions see. */
function setOf(topic: string | undefined, bytes: Buffer, at: number): string {
  const mark = bytes.indexOf(attributesMark, at);
  const text = mark === -1 ? "{}" : bytes.toString("utf8", mark + attributesMark.length, bytes.length - 2);
  const key = `${topic ?? ""}\n${text}`;
  const known = sets.get(key);
  if (known !== undefined) return known;
  const { [omnibusAttribute]: _, ...attributes } = JSON.parse(text) as Record<string, unknown>;
  const set = canonicalJson({ topic, attributes });
  if (sets.size >= maxSets) sets.clear();
  sets.set(key, set);
  return set;
}
