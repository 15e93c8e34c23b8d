import type { ReconcilerSettings } from "../../../src/env.ts";
import {
  type Difference,
  inMemoryParts,
  inMemoryRepairs,
  type JobReport,
  type LedgerSource,
  type ReconcilerAnswer,
  type ReconcilerDefinition,
  type RepairContext,
  reconciler,
} from "../../../src/reconcile/index.ts";
import { inMemoryObjects } from "../../../src/segments/index.ts";
import { hourMs, startMs } from "../books.ts";
import { drop, twoBooks } from "../two-books.ts";

export const minuteMs = 60_000;

export const settings: ReconcilerSettings = {
  v: 1,
  does: "reconcile",
  bus: "shop",
  account: "000000000000",
  region: "eu-central-1",
  job: "banks",
  everyMs: hourMs,
  settleMs: hourMs,
  spanMs: hourMs,
  beginMs: startMs,
};

/** A job as it is deployed, on everything in memory, in virtual time. */
export function deployedWorld({
  days = 1,
  wrong = [],
  given = {},
  right,
  ...definition
}: {
  readonly days?: number;
  readonly wrong?: readonly string[];
  readonly given?: Partial<ReconcilerSettings>;
  readonly right?: (right: LedgerSource) => LedgerSource;
} & Partial<Pick<ReconcilerDefinition, "repair" | "amountOf">> = {}) {
  const world = twoBooks({ days });
  const { clock, books, job, store } = world;
  books.right = drop(books.right, ...wrong);
  const repairs = inMemoryRepairs();
  const parts = inMemoryParts();
  const objects = inMemoryObjects();
  const lines: string[] = [];
  const calls: { readonly difference: Difference; readonly ctx: RepairContext }[] = [];
  const mend = (difference: Difference, ctx: RepairContext) => {
    calls.push({ difference, ctx });
    books.right = [...drop(books.right, difference.key), ...difference.left];
  };
  const options = {
    settings: { ...settings, ...given },
    store,
    repairs,
    parts,
    objects,
    clock,
    sink: (line: string) => void lines.push(line),
  };
  const sides = { left: job.left, right: right ? right(job.right) : job.right };
  /** Another environment of the function: what it has assembled is its own. */
  const environment = (more: Partial<ReconcilerDefinition> = {}, with_: Partial<typeof options> = {}) =>
    reconciler({ ...sides, repair: mend, ...definition, ...more }, { ...options, ...with_ });
  let handler = environment();
  /** One invocation, from its start to its end. */
  const invoke = async (event: unknown, { forMs = 15 * minuteMs, as = handler } = {}) => {
    const endsMs = clock.nowMs() + forMs;
    const context = { getRemainingTimeInMillis: () => Math.max(0, endsMs - clock.nowMs()) };
    const answer: ReconcilerAnswer = await clock.until(as(event, context));
    return answer;
  };
  const ask = (what: object, more: Parameters<typeof invoke>[1] = {}) =>
    invoke({ omnibus: { v: 1, by: "anna", ...what } }, more);
  return {
    ...world,
    repairs,
    parts,
    objects,
    options,
    calls,
    lines,
    mend,
    environment,
    invoke,
    ask,
    run: (more: Parameters<typeof invoke>[1] = {}) => ask({ do: "run", by: "schedule" }, more),
    /** Hands a function all messages of its queue, one by one; those that fail come again, at the end. */
    deliver: async () => {
      for (let message = parts.waiting.shift(); message; message = parts.waiting.shift()) {
        const answer = await invoke({ Records: [{ messageId: "m", body: JSON.stringify(message) }] });
        if ("batchItemFailures" in answer && answer.batchItemFailures.length > 0) parts.waiting.push(message);
      }
    },
    /** The function is deployed anew: its code is another one. */
    deploy: (more: Partial<ReconcilerDefinition>) => {
      handler = environment(more);
    },
    latest: (): JobReport => {
      const found = objects.objects.get("reports/banks/latest.json");
      if (!found) throw new Error("no report was written");
      return JSON.parse(found.body.toString("utf8")) as JobReport;
    },
    /** All metrics that were written, the newest values of each: by name, and by class where they have one. */
    metrics: () => {
      const found: Record<string, number> = {};
      for (const line of lines.flatMap((some) => some.split("\n"))) {
        const { _aws, Class, ...values } = JSON.parse(line) as Record<string, unknown>;
        if (_aws === undefined) continue;
        for (const [name, value] of Object.entries(values)) {
          if (typeof value === "number") found[Class === undefined ? name : `${name}:${Class}`] = value;
        }
      }
      return found;
    },
    logs: () =>
      lines
        .flatMap((some) => some.split("\n"))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ level }) => level !== undefined),
  };
}
