import type { JobStatus } from "../ops/reconcile/index.ts";
import type { ReconcilerSettings } from "../src/env.ts";
import { describeDifference, type Entry, type OpenDifference } from "../src/reconcile/index.ts";
import { bar, sparkline } from "./bars.ts";
import { columns, oneLine } from "./columns.ts";
import { spanText } from "./span-text.ts";

/** What the sides are called where no report tells. */
const noNames = { left: "left", right: "right" };

const head = [
  "JOB",
  "STATE",
  "OPEN",
  "OLDEST",
  "UNKNOWN",
  "COMPARED TO",
  "LAST RUN",
  "BOUND",
  "OPEN, LAST RUNS",
];

/** Jobs as a table: one line each, and below what a person has to do. */
export function statusText(found: readonly JobStatus[], nowMs: number): string {
  const rows = found.map((one) => {
    const { bus, job, open, unknownSpans, comparedToMs, ranMs, report } = one;
    const runs = (report?.history ?? []).map((run) =>
      Object.values(run.open).reduce((sum, count) => sum + count, 0),
    );
    return [
      `${bus}-${job}`,
      stateText(one),
      open.differences,
      open.oldestMs === undefined ? "" : spanText(nowMs - open.oldestMs),
      unknownSpans === 0 ? "" : `${unknownSpans} spans`,
      comparedToMs === undefined ? "" : timeText(comparedToMs),
      ranMs === undefined ? "" : `${spanText(nowMs - ranMs)} ago`,
      report === undefined ? "?" : report.bound.held ? "held" : "not held",
      sparkline(runs),
    ];
  });
  const notes = found.flatMap(notesOf);
  return [columns([head, ...rows], { widest: 120 }), ...notes].join("\n");
}

/** One job at length: its table, what is open by class, what is not known. */
export function jobText(status: JobStatus, nowMs: number): string {
  const { open, report } = status;
  const most = Math.max(0, ...Object.values(open.classes));
  const classes = Object.entries(open.classes).map(([name, count]) => [
    name,
    count ?? 0,
    bar(count ?? 0, most),
  ]);
  const unknown = (report?.unknown ?? []).map(
    ({ from, to, source, message }) => `  ${from} to ${to}  ${oneLine(`${source}: ${message}`)}`,
  );
  return [
    statusText([status], nowMs),
    ...(report?.notes ?? []).map(oneLine),
    ...(classes.length > 0 ? ["", columns(classes, { indent: "  " })] : []),
    ...(unknown.length > 0 ? ["", "not known:", ...unknown] : []),
  ].join("\n");
}

function stateText({ state, parts, heldUntilMs }: JobStatus): string {
  const handedOut = parts ? `, ${parts.done} of ${parts.of} parts` : "";
  return `${state}${state === "running" && heldUntilMs === undefined ? "" : handedOut}`;
}

function notesOf({ bus, job, state, everyMs, stopped, report }: JobStatus): readonly string[] {
  const title = `${bus}-${job}`;
  const { repair } = report ?? {};
  return [
    ...(state === "late"
      ? [`${title}: no run has ended for two intervals of ${spanText(everyMs)}: is its schedule enabled?`]
      : []),
    ...(stopped ? [`${title}: ${stopped.message}`] : []),
    ...(repair?.status === "over" && repair.message !== undefined ? [`${title}: ${repair.message}`] : []),
  ];
}

/** Open differences as a table, the fields that differ in words. */
export function openText(
  shown: readonly OpenDifference[],
  {
    nowMs,
    sides = noNames,
  }: { readonly nowMs: number; readonly sides?: { left: string; right: string } | undefined },
): string {
  const rows = shown.map(({ difference, firstSeenMs }) => [
    difference.class,
    difference.key,
    timeText(difference.timeMs),
    spanText(nowMs - firstSeenMs),
    describeDifference(difference, sides),
  ]);
  return columns([["CLASS", "KEY", "HAPPENED", "OPEN FOR", "WHAT DIFFERS"], ...rows], { widest: 120 });
}

/** One open difference with all that is known of it: both sides' entries, field by field. */
export function differenceText(
  { difference, firstSeenMs, lastSeenMs }: OpenDifference,
  {
    nowMs,
    sides = noNames,
  }: { readonly nowMs: number; readonly sides?: { left: string; right: string } | undefined },
): string {
  const { key, class: as, timeMs, left, right, fields } = difference;
  const line = (label: string, text: string) => `  ${label.padEnd(11)}${oneLine(text)}`;
  const names = [...new Set([...left, ...right].flatMap((entry) => Object.keys(entry.fields)))].sort();
  const differing = new Set(fields.map(({ field }) => field));
  const most = Math.max(left.length, right.length);
  const rows = Array.from({ length: most }, (_, nth) => {
    const [one, other] = [left[nth], right[nth]];
    return [
      ["", "time", one ? timeText(one.timeMs) : "", other ? timeText(other.timeMs) : ""],
      ...names.map((name) => [
        differing.has(name) ? "≠" : "",
        name,
        fieldText(one, name),
        fieldText(other, name),
      ]),
    ];
  }).flat();
  return [
    oneLine(`${key}  ${as}`),
    line("what", describeDifference(difference, sides)),
    line("happened", timeText(timeMs)),
    line("open", `since ${timeText(firstSeenMs)}, ${spanText(nowMs - firstSeenMs)}`),
    line("last seen", timeText(lastSeenMs)),
    columns([["", "FIELD", sides.left, sides.right], ...rows], { indent: "  " }),
    "",
  ].join("\n");
}

function fieldText(entry: Entry | undefined, field: string): string {
  const value = entry?.fields[field];
  return value === undefined ? "" : JSON.stringify(value);
}

/** A job in one line, for lists of them. */
export function jobLine({ bus, job, everyMs, settleMs, spanMs }: ReconcilerSettings): string {
  return `${bus}-${job}: every ${spanText(everyMs)}, settle ${spanText(settleMs)}, spans of ${spanText(spanMs)}`;
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
