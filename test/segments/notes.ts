import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import {
  type InMemoryObjects,
  inMemoryObjects,
  type Line,
  lineFields,
  type ObjectStore,
  type RawLine,
  readLines,
  type SegmentKind,
  type Segments,
  type SegmentsOptions,
  segmentsOf,
  spanSealer,
} from "../../src/segments/index.ts";

/** What the tests of segments keep: small notes, each with an id of its own. */
export interface Note {
  readonly id: string;
  readonly timeMs: number;
  /** Which of two stays. @default 0 */
  readonly told?: number;
  readonly type?: string;
  readonly set?: string;
  readonly text?: string;
  readonly odd?: boolean;
}

export const notes: SegmentKind = {
  name: "notes",
  parse(bytes) {
    const field = lineFields(bytes, bytes.length);
    const [id, time, type, set] = ["id", "time", "type", "set"].map(field);
    if (id === undefined || time === undefined) throw new Error(`no note: ${bytes}`);
    return {
      bytes,
      timeMs: Date.parse(time),
      identity: id,
      order: field("told") ?? "",
      type,
      odd: field("odd") !== undefined,
      entry:
        set === undefined ? undefined : { key: id, fields: `{"type":"${type}"}`, set: `{"set":"${set}"}` },
      ...(field("packed") === undefined ? {} : { expand: () => expand(bytes) }),
    };
  },
};

function expand(bytes: Buffer): readonly Line[] {
  const { parts } = JSON.parse(bytes.toString()) as { parts: readonly Note[] };
  return parts.map(line);
}

/** A note as a line. */
export function line({ id, timeMs, told, type = "note.taken", set = "one", text, odd }: Note): Line {
  const fields = { time: new Date(timeMs).toISOString(), id, type, set };
  const more = {
    ...(told === undefined ? {} : { told: String(told).padStart(6, "0") }),
    ...(odd ? { odd: "yes" } : {}),
    ...(text === undefined ? {} : { text }),
  };
  return notes.parse(Buffer.from(JSON.stringify({ ...fields, ...more })));
}

/** Several notes as one raw line. */
export function packed(parts: readonly Note[]): Line & RawLine {
  const times = parts.map(({ timeMs }) => timeMs);
  const time = new Date(Math.min(...times)).toISOString();
  const id = `packed:${parts.map((part) => part.id).join()}`;
  const bytes = Buffer.from(JSON.stringify({ time, id, packed: "yes", parts }));
  return { ...notes.parse(bytes), lastMs: Math.max(...times) };
}

export const hourMs = 3_600_000;
/** When the tests' first span begins: 2026-11-27-01-00. */
export const beginMs = Date.UTC(2026, 10, 27, 1);

let clocks = 0;

/** A clock of its own chance: two writers never make the same id. */
export function clockAt(startMs: number): VirtualClock {
  return virtualClock({ startMs, seed: ++clocks });
}

/** Segments of notes in memory, and a clock that stands at the beginning of the first span. */
export function notebook(options: Partial<SegmentsOptions> = {}) {
  const clock = clockAt(beginMs);
  const segments = segmentsOf({ store: inMemoryObjects(), kind: notes, clock, ...options });
  return { clock, segments, store: segments.store };
}

/** What readers see: the id of each note with its offset, in the order of reading. */
export async function seen(
  segments: Segments,
  options: Parameters<typeof readLines>[1] = {},
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of readLines(segments, options)) {
    for (const { line, offset } of page) {
      found.push(`${line.identity}${offset ? ` @ ${offset.span}/${offset.segment}/${offset.line}` : ""}`);
    }
  }
  return found;
}

/** A store whose calls pass through `before` first, which may throw. */
export function watched(
  store: ObjectStore,
  before: (call: keyof ObjectStore, key: string) => void | Promise<void>,
): ObjectStore {
  return {
    async put(key, body, options) {
      await before("put", key);
      return store.put(key, body, options);
    },
    async get(key, range) {
      await before("get", key);
      return store.get(key, range);
    },
    async *list(prefix, options) {
      await before("list", prefix);
      yield* store.list(prefix, options);
    },
    async *folders(prefix, options) {
      await before("folders", prefix);
      yield* store.folders(prefix, options);
    },
    async delete(keys) {
      await before("delete", keys[0] ?? "");
      return store.delete(keys);
    },
    urlOf: store.urlOf,
  };
}

/** Another store with the same objects. */
export async function copyOf(store: InMemoryObjects): Promise<InMemoryObjects> {
  const copy = inMemoryObjects();
  for (const [key, { body }] of store.objects) await copy.put(key, body);
  return copy;
}

/** All that sealing has made, by key. */
export function results(store: InMemoryObjects): Readonly<Record<string, string>> {
  const found = [...store.objects].filter(([key]) => !key.startsWith("raw/"));
  return Object.fromEntries(found.map(([key, { body }]) => [key, body.toString("base64")]).sort());
}

/** Seals all that is due, as the sealer does; answers which spans. */
export async function sealAll(segments: Segments, sealer = spanSealer(segments)): Promise<readonly string[]> {
  const due = await sealer.due();
  for (const span of due) await sealer.seal(span);
  return due;
}
