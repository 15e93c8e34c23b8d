import type { BusArchive } from "../../ops/archive/index.ts";
import type { ReplayedConsumer } from "../../ops/replay/index.ts";
import { systemClock } from "../../src/clock.ts";
import { jobFunctionName } from "../../src/names.ts";
import type { CallMember, ReplayParts, ReplaySelection } from "../../src/replay/index.ts";
import { busName } from "../bus-name.ts";
import { checkOffsets } from "../check-offsets.ts";
import { command } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { fleetShown } from "../fleet-shown.ts";
import { loadOps } from "../load-ops.ts";
import { withBucket } from "../open-archive.ts";
import { type OpenCloud, withCloud } from "../open-cloud.ts";
import { progressLine } from "../progress-line.ts";
import { surveyText, unorderedText } from "../replay-text.ts";
import { runShown } from "../run-shown.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { agreement } from "./dlq-agreement.ts";
import { chosenEvents, replaySelection, replaySelectOptions } from "./replay-select.ts";
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
    "With --fleet the bus's own functions send them, so many at once, and go on without this process; all of them together keep to",
    "--rate. With --ordered events of one key are sent in the archive's order; to an ordered queue they always are.",
    "With --shadow the handler runs, and what it would write and emit goes nowhere: for consumers of mode transaction. What it has come to",
    "is compared with the run that counted: bus replay compare.",
    "Asks before it sends, or wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus replay Points --from 2h --dry-run",
    "  bus replay Points --from 2026-11-27T10:00 --to 2026-11-27T11:00 --rate 200 --yes",
    "  bus replay Points --from 2026-11-27-10-00/0/1234 --again",
    "  bus replay Points --id o-1,o-2",
    "  bus replay Points --from 240h --rate 5000 --fleet 8 --yes",
    "  bus replay Points --from 24h --sql \"(data->>'cents')::bigint > 5000\"",
    "  bus replay Points --from 24h --shadow",
    "  bus replay status",
  ].join("\n"),
  arguments: { consumer: { value: "<consumer>", summary: "to whom" } },
  options: {
    bus: { value: "<name>", summary: "the consumer's bus, where more than one has it", parse: busName },
    ...replaySelectOptions,
    unfiltered: { summary: "also what the consumer's filters keep away" },
    again: { summary: "also what is done already: once more, on purpose" },
    shadow: { summary: "run the handler without effects, to compare it with the run that counted" },
    "beyond-ledger": { summary: "also what is so old that the ledger may have forgotten it" },
    rate: { value: "<per-second>", summary: "how many are sent in a second", parse: perSecond, fallback: 50 },
    ordered: { summary: "events of one key in the archive's order, one after the other" },
    fleet: {
      value: "<members>",
      summary: "run it in the cloud, by so many functions at once (1 to 50)",
      parse: members,
    },
    "dry-run": { summary: "only show what would be sent" },
    yes: { summary: "send them, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { consumer: name, bus, ...typed }) =>
    asReplayUsage(async () => {
      const asked = replaySelection(typed);
      const { checkFleet, checkRate, checkShadow, openReplays, replayedConsumer, selectFor } = await loadOps(
        () => import("../../ops/replay/index.ts"),
      );
      checkRate(typed.rate);
      if (typed.fleet !== undefined) checkFleet(typed.fleet);
      return withCloud(terminal, async (cloud) => {
        const consumer = await replayedConsumer(cloud.reads, await cloud.consumer(name, bus));
        if (typed.shadow) checkShadow(consumer.settings);
        if (typed.fleet !== undefined) await checkReplayer(cloud, consumer.bus);
        return withBucket(cloud.target, consumer.bus, async (store) => {
          const { openBusArchive } = await import("../../ops/archive/index.ts");
          const archive: BusArchive = await openBusArchive({ bus: consumer.bus, store });
          await checkOffsets(archive.archive, [asked.from, asked.to]);
          const handled = selectFor(consumer, asked, typed);
          const chosen = await chosenEvents(terminal, archive, handled, typed);
          const replays = openReplays({ clock: systemClock });
          const { mode } = consumer.settings;
          const parts = replays.parts({ bus: consumer.bus, archive: archive.archive, mode });
          try {
            const callMember = replays.members(consumer.bus);
            return await start(terminal, { cloud, consumer, parts, callMember, ...chosen, typed });
          } finally {
            replays.close();
          }
        });
      });
    }),
});

/** Shows what is selected, has it agreed to, sends it. */
async function start(
  terminal: Terminal,
  {
    cloud: { target },
    consumer,
    parts,
    callMember,
    selection,
    list,
    typed: {
      shadow,
      ordered,
      fleet,
      yes,
      json,
      rate,
      "dry-run": dryRun,
      "beyond-ledger": beyondLedger,
      ...typed
    },
  }: {
    readonly cloud: OpenCloud;
    readonly consumer: ReplayedConsumer;
    readonly parts: ReplayParts;
    readonly callMember: CallMember;
    readonly selection: ReplaySelection;
    readonly list?: ReadonlySet<string> | undefined;
    readonly typed: {
      readonly [Name in
        | "again"
        | "shadow"
        | "ordered"
        | "yes"
        | "json"
        | "dry-run"
        | "beyond-ledger"]: boolean;
    } & { readonly rate: number; readonly fleet: number | undefined };
  },
): Promise<ExitCode> {
  const { beyondText, checkSelected, makeReplay } = await import("../../ops/replay/index.ts");
  const { surveyReplay } = await import("../../src/replay/index.ts");
  const line = progressLine(terminal);
  const survey = await surveyReplay({
    ...{ ...parts, selection, list, consumer: consumer.name, keepMs: consumer.settings.keepMs },
    signal: terminal.signal,
    onProgress: ({ looked, selected }) => line.show(`${looked} events looked at, ${selected} selected`),
  }).finally(() => line.end());
  if (terminal.signal.aborted) return exitCodes.done;
  checkSelected(survey);

  const again = typed.again || shadow;
  const about = { target, consumer: `${consumer.bus}-${consumer.name}`, again, shadow, ...survey };
  const warning = again || survey.beyond === 0 ? undefined : beyondText(survey, consumer.settings);
  const unordered = ordered && !consumer.fifo ? unorderedText(consumer.queue) : undefined;
  const plan = [
    surveyText(survey, { queue: consumer.queue, again, perSecond: rate, fleet }),
    unordered,
    warning,
  ]
    .filter((text) => text !== undefined)
    .join("\n");
  if (warning !== undefined && !beyondLedger && !dryRun) {
    terminal.say(plan);
    throw new UsageError(
      `${warning}: give --beyond-ledger if that is right, or --again to run all of them again; nothing was sent`,
    );
  }
  const isAgreed =
    !dryRun &&
    (await agreement({
      ...{ terminal, target, plan, yes, json, how: "--yes" },
      question: `send them to ${consumer.queue}?`,
    }));
  if (!isAgreed) {
    if (dryRun) terminal[json ? "say" : "print"](plan);
    if (json) terminal.printJson({ ...about, dryRun: true });
    return exitCodes.done;
  }
  const job = await makeReplay(parts, {
    ...{ consumer, selection, list, survey, again, beyondLedger, ordered, fleet, shadow, perSecond: rate },
    by: target.identity?.arn ?? "unknown",
  });
  const shown = { json, about: { ...about, dryRun: false } };
  const code =
    fleet === undefined
      ? await runShown(terminal, { id: job.id, parts, ...shown })
      : await fleetShown(terminal, { job, store: parts.store, callMember, ...shown });
  if (shadow) terminal.say(`when they have run: bus replay compare ${job.id}`);
  return code;
}

/** Refuses a fleet where there is no function for its members. */
async function checkReplayer({ reads }: OpenCloud, bus: string): Promise<void> {
  const name = jobFunctionName(bus, "replayer");
  // Who may not look is told by the call itself.
  if (!("missing" in (await reads.functionState(name)))) return;
  throw new UsageError(
    `there is no function ${name}, which a fleet is made of: deploy the bus with its archive and this version, or leave --fleet out`,
  );
}

/** `8`. What a fleet may be is checked where it is made. */
function members(typed: string): number {
  if (/^\d{1,4}$/.test(typed)) return Number(typed);
  throw new UsageError(`${JSON.stringify(typed)} is no number of functions: give one as in "8"`);
}

/** `50` or `50/s`. */
function perSecond(typed: string): number {
  const value = /^(-?\d{1,6}(?:\.\d{1,3})?)(?:\/s)?$/.exec(typed)?.[1];
  if (value !== undefined) return Number(value);
  throw new UsageError(`${JSON.stringify(typed)} is no rate: give messages a second, as in "50" or "0.5"`);
}
