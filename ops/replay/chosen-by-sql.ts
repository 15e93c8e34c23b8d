import { listKey } from "../../src/replay/index.ts";
import { type AskOptions, askArchive } from "../query/index.ts";
import { ReplayError } from "./replay-error.ts";

/** Events that a question has chosen. */
export interface ChosenBySql {
  readonly list: ReadonlySet<string>;
  /** Between which times they lie, where the answer tells: from `fromMs` on, before `toMs`. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/**
 * Asks the archive in SQL which events to replay: a question whose answer has the columns `source` and `id`, or a condition on the view
 * `archive`. With the column `time` less has to be read afterwards.
 *
 * Throws `ReplayError`: `sql` where the answer has other columns, `nothing-selected`; and what `askArchive` throws.
 */
export async function chosenBySql({ sql, ...options }: AskOptions): Promise<ChosenBySql> {
  const { answer, close } = await askArchive({ ...options, sql: questionOf(sql) });
  try {
    const names = answer.columns.map(({ name }) => name.toLowerCase());
    const [source, id, time] = ["source", "id", "time"].map((name) => names.indexOf(name));
    if (source === undefined || source === -1 || id === undefined || id === -1) {
      throw new ReplayError(
        "sql",
        `the answer has the columns ${names.join(", ")}; source and id are needed, as in: select source, id, time from archive where …`,
      );
    }
    const list = new Set<string>();
    const range = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
    for await (const page of answer.pages) {
      for (const row of page) {
        // What is no event has no name.
        if (row[source] === null || row[id] === null) continue;
        list.add(listKey(String(row[id]), String(row[source])));
        const timeMs = Date.parse(String(row[time ?? -1]));
        range.fromMs = Math.min(range.fromMs, timeMs);
        range.toMs = Math.max(range.toMs, timeMs + 1);
      }
    }
    if (list.size === 0) {
      throw new ReplayError("nothing-selected", "the question has no event for an answer: nothing was sent");
    }
    // A time that is none makes it unknown.
    return { list, ...(Number.isFinite(range.fromMs) && Number.isFinite(range.toMs) ? range : {}) };
  } finally {
    close();
  }
}

/** A condition as the question that it stands for. */
export function questionOf(sql: string): string {
  const text = sql.trim().replace(/;\s*$/, "");
  if (/^(select|with|from|values)\b/i.test(text)) return text;
  return `select source, id, time from archive where ${text}`;
}
