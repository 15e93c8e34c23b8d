import { createHash } from "node:crypto";
import { parkedKeyAttribute as pk, parkedSortAttribute as sk } from "../names.ts";
import type { Item } from "./dynamo-call.ts";
import { messageOf } from "./message-parts.ts";
import type { LineEntry, ParkedGroup } from "./ports.ts";

/** The format of items; readers know this one. `schema/parked-item.schema.json` */
const itemVersion = 1;
/** A consumer's markers lie in so many partitions: every batch reads some, and a list reads all. */
const shards = "0123456789abcdef";

/** A consumer has neither slash nor space in its name: markers and lines cannot be taken for each other. */
export const markerPartitions = (consumer: string): readonly string[] =>
  [...shards].map((shard) => `${consumer}/${shard}`);

/** Where a group's marker lies. */
export function markerKey(consumer: string, group: string): Item {
  const shard = createHash("sha256").update(group).digest("hex").slice(0, 1);
  return { [pk]: { S: `${consumer}/${shard}` }, [sk]: { S: group } };
}

/** The partition of a group's line. */
export const linePartition = (consumer: string, group: string): string => `${consumer} ${group}`;

/** Places in the order of their text, each followed by its parts. */
export const linePlace = (place: number, part = 0): string =>
  `${String(place).padStart(12, "0")}.${String(part).padStart(2, "0")}`;

export function markerItem(marker: ParkedGroup): Item {
  const { consumer, group, revision, first, tail, sinceMs, poison, recent, release } = marker;
  return {
    ...markerKey(consumer, group),
    v: n(itemVersion),
    consumer: { S: consumer },
    revision: n(revision),
    first: n(first),
    tail: n(tail),
    since: n(sinceMs),
    poison: { S: JSON.stringify(poison) },
    recent: { S: JSON.stringify(recent) },
    ...(release ? { release: { S: JSON.stringify(release) } } : {}),
  };
}

export function readMarker(item: Item): ParkedGroup {
  return {
    consumer: item.consumer?.S ?? "",
    group: item[sk]?.S ?? "",
    revision: Number(item.revision?.N),
    first: Number(item.first?.N),
    tail: Number(item.tail?.N),
    sinceMs: Number(item.since?.N),
    poison: JSON.parse(item.poison?.S ?? "null"),
    recent: JSON.parse(item.recent?.S ?? "[]"),
    release: item.release?.S === undefined ? undefined : JSON.parse(item.release.S),
  };
}

export function lineItem(
  { consumer, group }: Pick<ParkedGroup, "consumer" | "group">,
  place: number,
  texts: readonly string[],
  part: number,
): Item {
  return {
    [pk]: { S: linePartition(consumer, group) },
    [sk]: { S: linePlace(place, part) },
    v: n(itemVersion),
    parts: n(texts.length),
    text: { S: texts[part] ?? "" },
  };
}

/** The whole entries among the items of a line, in order: one whose parts are not all there is not among them. */
export function readLine(items: readonly Item[]): readonly LineEntry[] {
  const texts = new Map<number, { readonly parts: number; readonly found: string[] }>();
  for (const item of items) {
    const place = Number(item[sk]?.S?.split(".")[0]);
    const entry = texts.get(place) ?? { parts: Number(item.parts?.N), found: [] };
    entry.found.push(item.text?.S ?? "");
    texts.set(place, entry);
  }
  return [...texts]
    .filter(([, { parts, found }]) => found.length === parts)
    .map(([place, { parts, found }]) => ({ place, parts, message: messageOf(found) }));
}

const n = (value: number) => ({ N: String(value) });
