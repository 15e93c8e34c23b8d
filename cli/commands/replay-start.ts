import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { systemClock } from "../../src/clock.ts";
import type { ReplaySelection } from "../../src/replay/index.ts";
import { formatOffset } from "../../src/segments/index.ts";
import { checkOffsets } from "../check-offsets.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withBucket } from "../open-archive.ts";
import { withCloud } from "../open-cloud.ts";
import { texts } from "../option-values.ts";
import { type Place, place } from "../place.ts";
import { progressLine } from "../progress-line.ts";
import { surveyText } from "../replay-text.ts";
import { runShown } from "../run-shown.ts";
import { UsageError } from "../usage-error.ts";
import { agreement } from "./dlq-agreement.ts";
import { asReplayUsage } from "./replay-words.ts";

/** `bus replay <consumer>`: sends archived events to its queue. */
export const replayStart = command({
  name: "to",
  summary:
    "send archived events to one consumer's queue (the word can be left out); first shows what it would send",
  details: [
    "Events go to the queue of that consumer and to nobody else's, as they were published: body, attributes, group. Those of the",
    "types it handles and that its filters let through; --unfiltered: whatever its filters say. What the ledger knows as done",
    "is left out, unless --again: then it runs once more, under the replay's own id, and so do the events that its handler emits.",
    "Asks before it sends, or wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus replay Points --from 2h --dry-run",
    "  bus replay Points --from 2026-11-27T10:00 --to 2026-11-27T11:00 --rate 200 --yes",
    "  bus replay Points --from 2026-11-27-10-00/0/1234 --again",
    "  bus replay Points --id o-1,o-2",
    "  bus replay status",
  ].join("\n"),
  arguments: { consumer: { value: "<consumer>", summary: "to whom" } },
  options: {
    bus: { value: "<name>", summary: "the consumer's bus, where more than one has it" },
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
    type: {
      value: "<text>",
      summary: 'only these event types; several with commas; "order.*"',
      parse: texts,
    },
    topic: { value: "<text>", summary: "only of these topics", parse: texts },
    source: { value: "<text>", summary: "only from these sources", parse: texts },
    subject: { value: "<text>", summary: "only about these subjects", parse: texts },
    id: { value: "<text>", summary: "only these event ids", parse: texts },
    ids: { value: "<file>", summary: "only the event ids in this file, one a line" },
    unfiltered: { summary: "also what the consumer's filters keep away" },
    again: { summary: "also what is done already: once more, on purpose" },
    "beyond-ledger": { summary: "also what is so old that the ledger may have forgotten it" },
    rate: { value: "<per-second>", summary: "how many are sent in a second", parse: perSecond, fallback: 50 },
    "dry-run": { summary: "only show what would be sent" },
    yes: { summary: "send them, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { consumer: name, bus, json, yes, again, rate, ...typed }) =>
    asReplayUsage(async () => {
      const asked = selectionOf(typed);
      const ops = await loadOps(() => import("../../ops/replay/index.ts"));
      ops.checkRate(rate);
      const ids =
        typed.id === undefined && typed.ids === undefined
          ? undefined
          : ops.chosenByIds(typed.id ?? [], await fileText(terminal.directory, typed.ids));
      if (ids === undefined && typed.from === undefined) {
        throw new UsageError(
          "what is to be sent? give --from (a time or an offset), --id or --ids; bus tail shows what there is",
        );
      }
      return withCloud(terminal, async (cloud) => {
        const { target } = cloud;
        const consumer = await ops.replayedConsumer(cloud.reads, await cloud.consumer(name, bus));
        return withBucket(target, consumer.bus, async (store) => {
          const { openBusArchive } = await import("../../ops/archive/index.ts");
          const { surveyReplay } = await import("../../src/replay/index.ts");
          const { archive } = await openBusArchive({ bus: consumer.bus, store });
          await checkOffsets(archive, [asked.from, asked.to]);
          const selection = ops.selectFor(consumer, asked, { unfiltered: typed.unfiltered });
          const replays = ops.openReplays({ clock: systemClock });
          try {
            const { mode, keepMs } = consumer.settings;
            const parts = replays.parts({ bus: consumer.bus, archive, mode });
            const line = progressLine(terminal);
            const survey = await surveyReplay({
              ...{ archive, selection, list: ids, consumer: consumer.name, ledger: parts.ledger, keepMs },
              signal: terminal.signal,
              onProgress: ({ looked, selected }) =>
                line.show(`${looked} events looked at, ${selected} selected`),
            }).finally(() => line.end());
            if (terminal.signal.aborted) return exitCodes.done;
            ops.checkSelected(survey);
            const about = { target, consumer: `${consumer.bus}-${consumer.name}`, again, ...survey };
            const plan = surveyText(survey, { queue: consumer.queue, again, perSecond: rate });
            const warning =
              again || survey.beyond === 0 ? "" : `\n${ops.beyondText(survey, consumer.settings)}`;
            if (typed["dry-run"]) {
              terminal[json ? "say" : "print"](plan + warning);
              if (json) terminal.printJson({ ...about, dryRun: true });
              return exitCodes.done;
            }
            if (warning !== "" && !typed["beyond-ledger"]) {
              terminal.say(plan);
              throw new UsageError(
                `${ops.beyondText(survey, consumer.settings)}: give --beyond-ledger if that is right, or --again to run all of them again; nothing was sent`,
              );
            }
            const isAgreed = await agreement({
              ...{ terminal, target, yes, json, how: "--yes" },
              plan: plan + warning,
              question: `send them to ${consumer.queue}?`,
            });
            if (!isAgreed) {
              if (json) terminal.printJson({ ...about, dryRun: true });
              return exitCodes.done;
            }
            const { id } = await ops.makeReplay(parts, {
              ...{ consumer, selection, list: ids, survey, again, perSecond: rate },
              beyondLedger: typed["beyond-ledger"],
              by: target.identity?.arn ?? "unknown",
            });
            return await runShown(terminal, { id, parts, json, about: { ...about, dryRun: false } });
          } finally {
            replays.close();
          }
        });
      });
    }),
});

type Typed = Partial<
  Readonly<Record<"type" | "topic" | "source" | "subject", readonly string[] | undefined>>
> & {
  readonly from: Place | undefined;
  readonly to: Place | undefined;
};

/** What the options ask for. Throws `UsageError` for what does not go together. */
function selectionOf({ from, to, ...typed }: Typed): ReplaySelection {
  const selection: ReplaySelection = {
    ...(from === undefined
      ? {}
      : "offset" in from
        ? { from: formatOffset(from.offset) }
        : { fromMs: from.timeMs }),
    ...(to === undefined ? {} : "offset" in to ? { to: formatOffset(to.offset) } : { toMs: to.timeMs }),
  };
  const { fromMs, toMs } = selection;
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw new UsageError("--from is not before --to: there is nothing between them");
  }
  const { type, topic, source, subject } = typed;
  const given = Object.entries({ type, topic, source, subject }).filter(([, texts]) => texts !== undefined);
  return { ...selection, ...Object.fromEntries(given) };
}

async function fileText(directory: string, file: string | undefined): Promise<string> {
  if (file === undefined) return "";
  try {
    return await readFile(resolve(directory, file), "utf8");
  } catch (thrown) {
    throw new UsageError(`--ids: ${(thrown as Error).message}`);
  }
}

/** `50` or `50/s`. */
function perSecond(typed: string): number {
  const value = /^(-?\d{1,6}(?:\.\d{1,3})?)(?:\/s)?$/.exec(typed)?.[1];
  if (value !== undefined) return Number(value);
  throw new UsageError(`${JSON.stringify(typed)} is no rate: give messages a second, as in "50" or "0.5"`);
}
