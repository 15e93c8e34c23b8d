import type { Entry } from "../../digest/index.ts";
import type { Line } from "../../segments/index.ts";
import type { LedgerSource } from "../ports.ts";
import { type LineFinder, lineFinder } from "../sealed/find-lines.ts";
import type { FoundLine } from "../sealed/found-line.ts";
import type { SealedBook } from "../sealed/sealed-book.ts";
import { sealedSource } from "../sealed/sealed-source.ts";
import type { Selection } from "../sealed/selection.ts";

const dayMs = 86_400_000;
/** Clocks of writers and of SNS differ. */
const skewMs = 60_000;
/**
 * An event's own time is not believed where it is more than a day off. It was published since: as long ago as a queue keeps
 * a message; or later than it says, by as much as the journal still believes it.
 */
const oddWithin = { beforeMs: 15 * dayMs, afterMs: 91 * dayMs };
/** Grey events that are told apart. */
const mostGrey = 100_000;

/** A message's attributes, as the archive has them and filters see them. */
export type Attributes = Readonly<
  Record<string, { readonly DataType: string; readonly StringValue?: string | undefined }>
>;

/**
 * Whether a consumer was to get what was published in a stretch of time, the ends included: every message of that topic with
 * those attributes, none, or that cannot be told.
 */
export type Wanted = (
  message: { readonly topic: string | undefined; readonly attributes: Attributes },
  fromMs: number,
  toMs: number,
) => "yes" | "no" | "grey";

/** The archive, as one consumer was to get it. */
export interface ArchiveSource extends LedgerSource {
  /** Which entries belong. */
  readonly selection: Selection;
  /** Archived events by their keys. */
  readonly find: LineFinder["find"];
  /** Events seen of which nobody can tell whether they were to be delivered; of very many, not all. */
  grey(): number;
}

/**
 * What was published and matched a consumer's filters when it was, as sealed segments of the archive tell it: of keys
 * `source`, line feed, `id`; of fields `hash` and `type`. Each event once, however often it was published.
 *
 * What was not to be delivered, or of which that cannot be told, is looked up as there where the consumer has handled it: the
 * archive has it, which is what is asked.
 */
export function archiveSource({
  name = "archive",
  book,
  wanted,
  handled,
  underWay,
  seal,
}: {
  readonly name?: string;
  readonly book: SealedBook;
  readonly wanted: Wanted;
  /** What the consumer has handled of these keys, in the order asked. */
  readonly handled: (keys: readonly string[]) => Promise<readonly (Entry | undefined)[]>;
  readonly underWay?: LedgerSource["underWay"];
  readonly seal?: LedgerSource["seal"];
}): ArchiveSource {
  const grey = new Set<string>();
  const ofLine = (line: Line) => {
    const belongs = wantedLine(line, wanted);
    if (belongs === "grey" && grey.size < mostGrey) grey.add(line.identity);
    return belongs === "yes";
  };
  const selection: Selection = {
    ofLine,
    ofSet(set, { fromMs, toMs, writtenByMs }) {
      // Its own time is no more than a day off, and nothing is written before it is published.
      const untilMs = Math.min(toMs + dayMs, writtenByMs + skewMs);
      const belongs = wanted(set as Parameters<Wanted>[0], fromMs - dayMs, untilMs);
      return belongs === "yes" ? "all" : belongs === "no" ? "none" : "some";
    },
  };
  const source = sealedSource({ name, book, selection });
  const { find } = lineFinder({ book, source, oddWithin });

  return {
    name,
    selection,
    find,
    grey: () => grey.size,
    digest: source.digest,
    entries: source.entries,
    async lookup(keys, seenMs) {
      const [lines, known] = await Promise.all([find(keys, seenMs), handled(keys)]);
      const elsewhere = await otherwise(keys, lines, known, find);
      return keys.map((key, index) => {
        const all = [...(lines[index] ?? []), ...(elsewhere.get(key) ?? [])];
        const one = answerOf(all, known[index], wanted);
        return one ? [one.entry] : [];
      });
    },
    ...(underWay && { underWay }),
    ...(seal && { seal }),
  };
}

/**
 * Of keys whose event was handled with other data than was found, what else there is under that name, at the time of the one
 * that was handled: two events under one name are two for the archive.
 */
async function otherwise(
  keys: readonly string[],
  lines: readonly (readonly FoundLine[])[],
  known: readonly (Entry | undefined)[],
  find: LineFinder["find"],
): Promise<ReadonlyMap<string, readonly FoundLine[]>> {
  const asked = keys.flatMap((key, index) => {
    const entry = known[index];
    const found = lines[index] ?? [];
    return entry && found.length > 0 && !found.some((one) => isSame(one.entry, entry))
      ? [{ key, entry }]
      : [];
  });
  if (asked.length === 0) return new Map();
  const found = await find(
    asked.map(({ key }) => key),
    asked.map(({ entry }) => entry.timeMs),
  );
  return new Map(asked.map(({ key }, index) => [key, found[index] ?? []]));
}

/** What the archive says of a key: the event that was handled, or else the first that was to be delivered. */
function answerOf(
  lines: readonly FoundLine[],
  handled: Entry | undefined,
  wanted: Wanted,
): FoundLine | undefined {
  const first = lines.find(({ line }) => wantedLine(line, wanted) === "yes");
  if (!handled) return first;
  return lines.find(({ entry }) => isSame(entry, handled)) ?? first ?? lines[0];
}

function isSame(one: Entry, other: Entry): boolean {
  return one.fields.hash === other.fields.hash && one.fields.type === other.fields.type;
}

function wantedLine({ entry, order }: Line, wanted: Wanted): ReturnType<Wanted> {
  const publishedMs = Date.parse(order);
  return wanted(setOf(entry?.set ?? "{}"), publishedMs, publishedMs);
}

const sets = new Map<string, Parameters<Wanted>[0]>();
const mostSets = 4_096;

/** A set out of its JSON; there are few of them. */
function setOf(text: string): Parameters<Wanted>[0] {
  const known = sets.get(text);
  if (known) return known;
  const { topic, attributes = {} } = JSON.parse(text) as Partial<Parameters<Wanted>[0]>;
  const set = { topic, attributes };
  if (sets.size >= mostSets) sets.clear();
  sets.set(text, set);
  return set;
}
