import { parseOffset, type ReadPage, readPages, type Segments } from "../segments/index.ts";
import { lineWanted, segmentWanted } from "./line-wanted.ts";
import { orderKey } from "./order-key.ts";
import { fieldsOf, type PickedLine, pickLines } from "./picked-line.ts";
import type { ReplayCursor, ReplaySelection } from "./replay-job.ts";
import { shareOf } from "./share-of.ts";

/** Selected lines that stand together, in the order of the archive. */
export interface SelectedPage {
  readonly lines: readonly PickedLine[];
  /** The place behind one of them. */
  after(line: PickedLine): ReplayCursor;
  /** The place behind all of the page, whatever was selected; `undefined` where it had nothing to be behind of. */
  readonly end: ReplayCursor | undefined;
  /** Lines that were looked at, selected or not. */
  readonly looked: number;
}

/**
 * The selected events of an archive, some at a time, in the order of offsets; of what is not sealed by time. Begins behind `cursor`. Of a
 * span that was not sealed when the cursor was made, what was archived later, and stands before it, is not found any more.
 */
export async function* selectedPages({
  archive,
  selection,
  list,
  cursor,
}: {
  readonly archive: Segments;
  readonly selection: ReplaySelection;
  /** The keys of the selection's list. */
  readonly list?: ReadonlySet<string> | undefined;
  readonly cursor?: ReplayCursor | undefined;
}): AsyncGenerator<SelectedPage> {
  const { fromMs, toMs, share } = selection;
  const from = beginOf(selection, cursor);
  const to = selection.to === undefined ? undefined : parseOffset(selection.to);
  const wanted = lineWanted(selection, list);
  const isShared = share && ((line: PickedLine) => shareOf(orderKey(line), share.of) === share.nth);
  const pages = readPages(archive, {
    ...(from ? { from } : {}),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    unsealed: selection.unsealed ?? to === undefined,
    wanted: segmentWanted(selection),
  });
  for await (const page of pages) {
    if (to && isBehind(page, to)) return;
    const isNew = newTest(page, cursor, archive);
    const inTime = timeTest(page, selection);
    const all = linesOf(page);
    let lines: readonly PickedLine[] = all;
    if (to && "block" in page && page.span === to.span && page.segment === to.segment) {
      lines = lines.filter(({ nth }) => page.block.line + nth < to.line);
    }
    for (const test of [inTime, wanted, isShared, isNew]) if (test) lines = lines.filter(test);
    yield { lines, looked: all.length, ...placesIn(page) };
  }
}

/** Where reading begins: of an open span at its beginning, since its lines have no offsets. */
function beginOf({ from }: ReplaySelection, cursor: ReplayCursor | undefined) {
  if (!cursor) return from === undefined ? undefined : parseOffset(from);
  const { span } = cursor;
  if ("line" in cursor) return { span, segment: cursor.segment, line: cursor.line };
  const begin = from === undefined ? undefined : parseOffset(from);
  return begin?.span === span ? begin : { span, segment: 0, line: 0 };
}

function isBehind(page: ReadPage, to: { span: string; segment: number; line: number }): boolean {
  if (page.span !== to.span) return page.span > to.span;
  if (!("block" in page)) return true;
  return page.segment > to.segment || (page.segment === to.segment && page.block.line >= to.line);
}

function linesOf(page: ReadPage): PickedLine[] {
  if ("block" in page) return pickLines(page.bytes, page.skip);
  return page.lines.flatMap(({ bytes, type }, nth) =>
    type === undefined ? [] : pickLines(bytes).map((line) => ({ ...line, nth })),
  );
}

/** Lines of the times that are asked for; `undefined` where all of the page are. */
function timeTest(page: ReadPage, { fromMs = 0, toMs = Number.POSITIVE_INFINITY }: ReplaySelection) {
  if ("block" in page) {
    if (page.block.fromMs >= fromMs && page.block.toMs < toMs) return undefined;
    return (line: PickedLine) => {
      const timeMs = Date.parse(fieldsOf(line)("time") ?? "");
      return timeMs >= fromMs && timeMs < toMs;
    };
  }
  return ({ nth }: PickedLine) => {
    const { timeMs = Number.NaN } = page.lines[nth] ?? {};
    return timeMs >= fromMs && timeMs < toMs;
  };
}

/** Lines of the span that the cursor is in which stand behind it; `undefined` where all do. */
function newTest(page: ReadPage, cursor: ReplayCursor | undefined, { kind }: Segments) {
  if (!cursor || !("identity" in cursor) || page.span !== cursor.span) return undefined;
  if ("block" in page && page.block.fromMs > cursor.timeMs) return undefined;
  return ({ bytes, start, end, nth }: PickedLine) => {
    const line = "block" in page ? kind.parse(bytes.subarray(start, end)) : page.lines[nth];
    if (!line || line.timeMs !== cursor.timeMs) return line !== undefined && line.timeMs > cursor.timeMs;
    return line.identity > cursor.identity;
  };
}

function placesIn(page: ReadPage): Pick<SelectedPage, "after" | "end"> {
  const { span } = page;
  if ("block" in page) {
    const { segment, block } = page;
    const behind = (nth: number) => ({ span, segment, line: block.line + nth + 1 });
    return { after: ({ nth }) => behind(nth), end: behind(block.lines - 1) };
  }
  const placeOf = (nth: number): ReplayCursor | undefined => {
    const line = page.lines[nth];
    return line && { span, timeMs: line.timeMs, identity: line.identity };
  };
  return {
    after: ({ nth }) => placeOf(nth) as ReplayCursor,
    end: placeOf(page.lines.length - 1),
  };
}
