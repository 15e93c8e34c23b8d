import type { LedgerReader } from "../ledger/index.ts";
import { formatOffset, type Segments } from "../segments/index.ts";
import { itemsOfLines, lookedUpAtOnce } from "./known-lines.ts";
import { fieldsOf, type PickedLine } from "./picked-line.ts";
import type { ReplaySelection } from "./replay-job.ts";
import { type SelectedPage, selectedPages } from "./selected-pages.ts";

/** What a replay would send, before it sends anything. */
export interface ReplaySurvey {
  readonly selected: number;
  readonly types: Readonly<Record<string, number>>;
  /** Effective times of the first and the last of them. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** The first few. */
  readonly sample: readonly SampledEvent[];
  /** What the ledger knows of them: done, dead, begun and not ended; of the others nothing. */
  readonly done: number;
  readonly dead: number;
  readonly begun: number;
  /**
   * Of the others, those that were published so long ago that the ledger may have forgotten them: they may have been done, and would be
   * done again.
   */
  readonly beyond: number;
}

export interface SampledEvent {
  readonly time: string;
  readonly type: string;
  readonly source: string;
  readonly id: string;
  /** Absent while its span is open. */
  readonly offset?: string;
}

const sampled = 5;

/**
 * Looks through all that is selected: counts it, shows the first few, and asks the ledger what is done already. Changes nothing.
 * `ledger` is absent where a consumer keeps none: then all are `beyond`.
 */
export async function surveyReplay({
  archive,
  selection,
  list,
  consumer,
  ledger,
  keepMs,
  signal,
  onProgress = () => {},
}: {
  readonly archive: Segments;
  readonly selection: ReplaySelection;
  readonly list?: ReadonlySet<string> | undefined;
  readonly consumer: string;
  readonly ledger: LedgerReader | undefined;
  /** How long the ledger keeps what was done. */
  readonly keepMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (counts: { readonly looked: number; readonly selected: number }) => void;
}): Promise<ReplaySurvey> {
  const keptFrom = new Date(archive.clock.nowMs() - keepMs).toISOString();
  const types: Record<string, number> = {};
  const sample: SampledEvent[] = [];
  const counts = { selected: 0, looked: 0, done: 0, dead: 0, begun: 0, beyond: 0 };
  let first: string | undefined;
  let last: string | undefined;

  const judge = async (lines: readonly PickedLine[]) => {
    const items = ledger ? await itemsOfLines(ledger, consumer, lines) : [];
    for (const [index, line] of lines.entries()) {
      const state = items[index]?.state;
      if (state === "done" || state === "dead") counts[state]++;
      else if (state !== undefined) counts.begun++;
      else if (!ledger || (fieldsOf(line)("published") ?? "") < keptFrom) counts.beyond++;
    }
  };
  const note = (line: PickedLine, page: SelectedPage) => {
    const fields = fieldsOf(line);
    const [time = "", type = ""] = [fields("time"), fields("type")];
    types[type] = (types[type] ?? 0) + 1;
    if (first === undefined || time < first) first = time;
    if (last === undefined || time > last) last = time;
    if (sample.length < sampled) sample.push(sampleOf(line, page));
  };

  for await (const page of selectedPages({ archive, selection, list })) {
    if (signal?.aborted) break;
    counts.looked += page.looked;
    counts.selected += page.lines.length;
    for (const line of page.lines) note(line, page);
    for (let at = 0; at < page.lines.length; at += lookedUpAtOnce) {
      await judge(page.lines.slice(at, at + lookedUpAtOnce));
    }
    onProgress(counts);
  }
  const { looked: _, ...told } = counts;
  return { ...told, types, first, last, sample };
}

/** A line as it is told in a sample. */
export function sampleOf(line: PickedLine, page: SelectedPage): SampledEvent {
  const fields = fieldsOf(line);
  const [time = "", type = "", source = "", id = ""] = ["time", "type", "source", "id"].map(fields);
  const after = page.after(line);
  return {
    ...{ time, type, source, id },
    ...("line" in after ? { offset: formatOffset({ ...after, line: after.line - 1 }) } : {}),
  };
}
