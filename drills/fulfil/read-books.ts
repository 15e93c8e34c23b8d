import type { BookLine } from "./books.ts";
import { type StageName, stageNames } from "./names.ts";

/** How the orders stand, by the partners' books alone. */
export interface BooksReport {
  /** Through every stage, nothing undone. */
  readonly shipped: number;
  /** Everything that was done is undone, in reverse, and the customer was told, once. */
  readonly compensated: number;
  /** Neither, with what stands of some of them. */
  readonly stuck: number;
  readonly examples: readonly string[];
  /** Asked twice for the same: under another key. */
  readonly doubled: number;
  /** Asked again under the same key. */
  readonly again: number;
  /** How many orders each stage refused. */
  readonly refused: Readonly<Record<string, number>>;
  /** Of each stage, from the stage before to itself, in the first part and in the rest: milliseconds. */
  readonly criticalMs: Readonly<Record<StageName, { readonly quiet: Times; readonly disturbed: Times }>>;
  /** What each code of the redeployed stage has done. */
  readonly releases: Readonly<Record<string, number>>;
}

export interface Times {
  readonly p50: number;
  readonly p95: number;
}

const shownExamples = 5;

/** Adds the books up. The first `quiet` orders came while nothing was disturbed, the first `warmUp` of them before all functions had started. */
export function readBooks(
  lines: Iterable<BookLine>,
  {
    orders,
    quiet,
    warmUp,
    redeployed,
  }: {
    readonly orders: number;
    readonly quiet: number;
    readonly warmUp: number;
    readonly redeployed: StageName;
  },
): BooksReport {
  const stories = Array.from({ length: orders }, (): BookLine[] => []);
  const seen = new Map<string, string>();
  let [doubled, again] = [0, 0];
  for (const line of lines) {
    const what = `${line.kind} ${line.stage} ${line.order}`;
    const key = seen.get(what);
    if (key === line.key) again++;
    else if (key !== undefined) doubled++;
    seen.set(what, line.key);
    if (key === undefined) stories[line.order]?.push(line);
  }
  const ends = stories.map(endOf);
  const stuck = [...ends.entries()].filter(([, end]) => end === "stuck").map(([order]) => order);
  const count = (wanted: string) => ends.filter((end) => end === wanted).length;
  const all = stories.flat();
  return {
    shipped: count("shipped"),
    compensated: count("compensated"),
    stuck: stuck.length,
    examples: stuck
      .slice(0, shownExamples)
      .map(
        (order) =>
          `order ${order}: ${stories[order]?.map(({ kind, stage }) => `${kind} ${stage}`).join(", ")}`,
      ),
    doubled,
    again,
    refused: tally(all.filter(({ kind }) => kind === "refused").map(({ stage }) => stage)),
    criticalMs: Object.fromEntries(
      stageNames.map((name) => [
        name,
        {
          quiet: timesOf(stories.slice(warmUp, quiet), name),
          disturbed: timesOf(stories.slice(quiet), name),
        },
      ]),
    ) as BooksReport["criticalMs"],
    releases: tally(
      all
        .filter(({ kind, stage }) => kind === "did" && stage === redeployed)
        .map(({ release }) => String(release)),
    ),
  };
}

function endOf(story: readonly BookLine[]): "shipped" | "compensated" | "stuck" {
  const of = (wanted: BookLine["kind"]) =>
    story.filter(({ kind }) => kind === wanted).map(({ stage }) => stage);
  const did = of("did");
  const undid = of("undid");
  const told = of("told").length;
  const isForward = did.every((stage, at) => stage === stageNames[at]);
  if (!isForward) return "stuck";
  if (did.length === stageNames.length) return undid.length + told === 0 ? "shipped" : "stuck";
  const isUndone = undid.join() === did.toReversed().join();
  return isUndone && told === 1 && story.at(-1)?.kind === "told" ? "compensated" : "stuck";
}

function timesOf(stories: readonly (readonly BookLine[])[], name: StageName): Times {
  const before = stageNames[stageNames.indexOf(name) - 1];
  const took = stories.flatMap((story) => {
    const own = story.find(({ kind, stage }) => stage === name && (kind === "did" || kind === "refused"));
    if (!own) return [];
    if (before === undefined) return [own.ageMs];
    const earlier = story.find(({ kind, stage }) => stage === before && kind === "did");
    return earlier ? [own.atMs - earlier.atMs] : [];
  });
  const sorted = took.sort((left, right) => left - right);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return { p50: at(0.5), p95: at(0.95) };
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
