import type { ReplayJob, ReplaySurvey, ShadowComparison, StoredReplay } from "../src/replay/index.ts";
import { columns } from "./columns.ts";
import { spanText } from "./span-text.ts";

/** What a replay would send, for people. */
export function surveyText(
  survey: ReplaySurvey,
  {
    queue,
    again,
    perSecond,
    fleet,
  }: Pick<ReplayJob, "queue" | "again" | "perSecond"> & {
    /** How many functions are to send them. */
    readonly fleet?: number | undefined;
  },
): string {
  const { selected, types, first, last, sample, done, dead, begun } = survey;
  const toSend = again ? selected : selected - done;
  const unknown = selected - done - dead - begun;
  return [
    `${events(selected)} selected for ${queue}; ${toSend} to send at ${perSecond}/s, in ${spanText((toSend / perSecond) * 1_000)}${fleet === undefined ? "" : `, by ${fleet} functions`}`,
    columns(
      [
        [
          "types",
          Object.entries(types)
            .map(([type, count]) => `${type} ${count}`)
            .join(", "),
        ],
        ["times", `${first} to ${last}`],
        [
          "ledger",
          `${done} done already${again ? ", and run again" : ", and left out"}; ${dead} dead, ${begun} begun, ${unknown} not known`,
        ],
      ],
      { indent: "  ", widest: 160 },
    ),
    columns(
      sample.map(({ time, type, source, id, offset = "open" }) => [time, type, `${source} ${id}`, offset]),
      { indent: "    " },
    ),
    ...(selected > sample.length ? [`    … and ${selected - sample.length} more`] : []),
  ].join("\n");
}

/** What is to be known before something is sent in order to a queue that keeps none. */
export function unorderedText(queue: string): string {
  return `they are sent in order; ${queue} is no ordered queue, and may hand them out in another one`;
}

/** How far a replay is, in one line, with how long the rest takes at its rate. */
export function progressText({ selected, counts, perSecond }: ReplayJob): string {
  const { sent, skipped, refused } = counts;
  const left = Math.max(0, selected - sent - skipped - refused);
  const about = left === 0 ? "" : `, about ${spanText((left / perSecond) * 1_000)} left`;
  return `${sent} sent${skipped > 0 ? `, ${skipped} done before` : ""} of ${selected}, ${perSecond}/s${about}`;
}

/** What became of a replay. */
export function resultText({
  id,
  state,
  counts,
  selected,
  queue,
  problems,
}: Omit<ReplayJob, "state"> & { readonly state: string }): string {
  const { sent, skipped, refused } = counts;
  return [
    `replay ${id}: ${state}: ${sent} of ${selected} sent to ${queue}, ${skipped} were done before${refused > 0 ? `, ${refused} refused` : ""}`,
    ...problems.map((problem) => `  ${problem}`),
    ...(state === "stopped" || state === "killed" ? [`go on with: bus replay resume ${id}`] : []),
  ].join("\n");
}

/** What a shadow replay's runs have come to. */
export function comparisonText(
  { id, consumer }: Pick<ReplayJob, "id" | "consumer">,
  found: ShadowComparison,
): string {
  const { same, differs, failed, unknown, waiting, sample } = found;
  return [
    `replay ${id} to ${consumer}: ${same} the same, ${differs} differ, ${failed} failed, ${unknown} with nothing known of the first run, ${waiting} not run yet`,
    columns(
      sample.map(({ verdict, time, type, source, id, offset = "open", result }) => [
        verdict,
        time,
        type,
        `${source} ${id}`,
        offset,
        verdict === "failed" ? result : "",
      ]),
      { indent: "  " },
    ),
    ...(differs + failed > sample.length ? [`  … and ${differs + failed - sample.length} more`] : []),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

/** All replays of a bus, the newest first. */
export function replaysText(replays: readonly StoredReplay[], nowMs: number): string {
  const rows = replays.map(({ job, heldUntilMs }) => [
    job.id,
    job.consumer,
    stateText(job, heldUntilMs > nowMs),
    job.selected,
    job.counts.sent,
    job.counts.skipped,
    job.counts.refused,
    `${job.perSecond}/s${job.again ? " again" : ""}${job.fleet ? ` fleet ${job.fleet.members}` : ""}`,
    `${spanText(nowMs - job.updatedMs)} ago`,
  ]);
  const head = [
    "REPLAY",
    "CONSUMER",
    "STATE",
    "SELECTED",
    "SENT",
    "DONE BEFORE",
    "REFUSED",
    "RATE",
    "LAST SEEN",
  ];
  return columns([head, ...rows]);
}

/** `running` is what it was when it was last written: with nobody at it, its process has died. */
export function stateText({ state }: Pick<ReplayJob, "state">, held: boolean): string {
  return state === "running" && !held ? "killed" : state;
}

function events(count: number): string {
  return count === 1 ? "1 event" : `${count} events`;
}
