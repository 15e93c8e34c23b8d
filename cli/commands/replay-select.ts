import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { BusArchive } from "../../ops/archive/index.ts";
import type { ReplaySelection } from "../../src/replay/index.ts";
import { formatOffset, spanStartMs } from "../../src/segments/index.ts";
import { cacheFolder } from "../cache-folder.ts";
import type { Option } from "../command.ts";
import { fetchProgress } from "../fetch-progress.ts";
import { texts } from "../option-values.ts";
import { type Place, place } from "../place.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** The options by which archived events are chosen. */
export const replaySelectOptions = {
  from: {
    value: "<place>",
    summary: 'events of this time or later ("2h" ago, "2026-11-27T10:00", UTC), or from this offset on',
    parse: (typed: string) => place(typed),
  },
  to: {
    value: "<place>",
    summary: "up to this time or offset, itself not included",
    parse: (typed: string) => place(typed),
  },
  type: { value: "<text>", summary: 'only these event types; several with commas; "order.*"', parse: texts },
  topic: { value: "<text>", summary: "only of these topics", parse: texts },
  source: { value: "<text>", summary: "only from these sources", parse: texts },
  subject: { value: "<text>", summary: "only about these subjects", parse: texts },
  id: { value: "<text>", summary: "only these event ids", parse: texts },
  ids: { value: "<file>", summary: "only the event ids in this file, one a line" },
  sql: {
    value: "<sql>",
    summary: "only what this condition on the view archive holds for, or this SELECT of source and id",
  },
} as const satisfies Readonly<Record<string, Option>>;

/** What was typed for them. */
export type ReplaySelectValues = {
  readonly [Name in "type" | "topic" | "source" | "subject" | "id"]: readonly string[] | undefined;
} & {
  readonly [Name in "from" | "to"]: Place | undefined;
} & { readonly [Name in "ids" | "sql"]: string | undefined };

/** What the options ask for, but for lists of events. Throws `UsageError` for what does not go together. */
export function replaySelection(typed: ReplaySelectValues): ReplaySelection {
  const { from, to, type, topic, source, subject } = typed;
  if ([from, typed.id, typed.ids, typed.sql].every((one) => one === undefined)) {
    throw new UsageError(
      "what is to be sent? give --from (a time or an offset), --id, --ids or --sql; bus tail shows what there is",
    );
  }
  if (typed.sql !== undefined && (typed.id !== undefined || typed.ids !== undefined)) {
    throw new UsageError("--sql chooses events by itself: leave --id and --ids out");
  }
  const selection: ReplaySelection = { ...beginOf(from), ...endOf(to) };
  const { fromMs, toMs } = selection;
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new UsageError("--from is not before --to: there is nothing between them");
  }
  const given = Object.entries({ type, topic, source, subject }).filter(([, texts]) => texts !== undefined);
  return { ...selection, ...Object.fromEntries(given) };
}

/** The same with the list of events that is asked for, by ids or by SQL. */
export async function chosenEvents(
  terminal: Terminal,
  archive: BusArchive,
  selection: ReplaySelection,
  { id, ids, sql }: ReplaySelectValues,
): Promise<{ readonly selection: ReplaySelection; readonly list?: ReadonlySet<string> }> {
  const { chosenByIds, chosenBySql } = await import("../../ops/replay/index.ts");
  if (id !== undefined || ids !== undefined) {
    return { selection, list: chosenByIds(id ?? [], await fileText(terminal.directory, ids)) };
  }
  if (sql === undefined) return { selection };
  const progress = fetchProgress(terminal);
  const { list, fromMs, toMs } = await chosenBySql({
    archive,
    sql,
    fromMs: writtenFromMs(selection),
    cacheFolder: cacheFolder(),
    signal: terminal.signal,
    onProgress: progress.show,
    onNote: terminal.say,
  }).finally(progress.end);
  if (fromMs === undefined || toMs === undefined) return { selection, list };
  const within = {
    fromMs: Math.max(fromMs, selection.fromMs ?? fromMs),
    toMs: Math.min(toMs, selection.toMs ?? toMs),
  };
  return { selection: { ...selection, ...within }, list };
}

const dayMs = 86_400_000;

/** Spans that ended before cannot hold what is asked for: an event's time is a day from its publication at most. */
function writtenFromMs({ from, fromMs }: ReplaySelection): number | undefined {
  if (from !== undefined) return spanStartMs(from.split("/")[0] ?? "");
  return fromMs === undefined ? undefined : fromMs - dayMs;
}

function beginOf(from: Place | undefined): ReplaySelection {
  if (from === undefined) return {};
  return "offset" in from ? { from: formatOffset(from.offset) } : { fromMs: from.timeMs };
}

function endOf(to: Place | undefined): ReplaySelection {
  if (to === undefined) return {};
  return "offset" in to ? { to: formatOffset(to.offset) } : { toMs: to.timeMs };
}

async function fileText(directory: string, file: string | undefined): Promise<string> {
  if (file === undefined) return "";
  try {
    return await readFile(resolve(directory, file), "utf8");
  } catch (thrown) {
    throw new UsageError(`--ids: ${(thrown as Error).message}`);
  }
}
