import { type LedgerItem, type LedgerReader, ledgerKey } from "../ledger/index.ts";
import type { Segments } from "../segments/index.ts";
import { readEventList } from "./event-list.ts";
import { lookedUpAtOnce } from "./known-lines.ts";
import { fieldsOf, type PickedLine } from "./picked-line.ts";
import type { ReplayJob } from "./replay-job.ts";
import { type SelectedPage, selectedPages } from "./selected-pages.ts";
import { type SampledEvent, sampleOf } from "./survey-replay.ts";

/** What the runs of a shadow replay have come to, beside those that counted. */
export interface ShadowComparison {
  /** It would have written and emitted what it did. */
  readonly same: number;
  readonly differs: number;
  /** Its handler threw. */
  readonly failed: number;
  /** It ran, and one of the results is not known: there was no first run, it did not end well, or what it did has no hash. */
  readonly unknown: number;
  /** It has not run, or not to its end. */
  readonly waiting: number;
  /** The first few of what differs or failed. */
  readonly sample: readonly ComparedEvent[];
}

export interface ComparedEvent extends SampledEvent {
  readonly verdict: "differs" | "failed";
  /** What the shadow run has come to: a hash, or how it failed. */
  readonly result: string;
}

const sampled = 5;
const failedMark = "failed: ";

/**
 * Compares each run of a shadow replay with the one that counted, by the results that the ledger keeps of both. Changes nothing, and can be
 * asked as often as one likes.
 */
export async function compareShadow(
  { id, consumer, selection }: Pick<ReplayJob, "id" | "consumer" | "selection">,
  {
    archive,
    ledger,
    signal,
    onProgress = () => {},
  }: {
    readonly archive: Segments;
    readonly ledger: LedgerReader;
    readonly signal?: AbortSignal;
    readonly onProgress?: (compared: number) => void;
  },
): Promise<ShadowComparison> {
  const counts = { same: 0, differs: 0, failed: 0, unknown: 0, waiting: 0 };
  const sample: ComparedEvent[] = [];
  let compared = 0;

  const compare = async (lines: readonly PickedLine[], page: SelectedPage) => {
    const read = (replayId?: string) => ledger.read(lines.map((line) => keyOf(line, consumer, replayId)));
    const [firsts, shadows] = await Promise.all([read(), read(id)]);
    for (const [index, line] of lines.entries()) {
      const result = shadows[index]?.result;
      const verdict = verdictOf(firsts[index], shadows[index]);
      counts[verdict]++;
      if ((verdict === "differs" || verdict === "failed") && sample.length < sampled) {
        sample.push({ ...sampleOf(line, page), verdict, result: result ?? "" });
      }
    }
    compared += lines.length;
    onProgress(compared);
  };

  const list = selection.list ? await readEventList(archive.store, selection.list.key) : undefined;
  for await (const page of selectedPages({ archive, selection, list })) {
    for (let at = 0; at < page.lines.length && !signal?.aborted; at += lookedUpAtOnce) {
      await compare(page.lines.slice(at, at + lookedUpAtOnce), page);
    }
    if (signal?.aborted) break;
  }
  return { ...counts, sample };
}

function verdictOf(
  first: LedgerItem | undefined,
  shadow: LedgerItem | undefined,
): Exclude<keyof ShadowComparison, "sample"> {
  if (shadow?.state !== "done") return "waiting";
  if (shadow.result?.startsWith(failedMark)) return "failed";
  if (shadow.result === undefined || first?.state !== "done" || first.result === undefined) return "unknown";
  return first.result === shadow.result ? "same" : "differs";
}

function keyOf(line: PickedLine, consumer: string, replayId: string | undefined): string {
  const fields = fieldsOf(line);
  return ledgerKey({ consumer, source: fields("source") ?? "", id: fields("id") ?? "", replayId });
}
