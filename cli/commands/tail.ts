import type { TailOptions, WantedLines } from "../../ops/archive/index.ts";
import { formatOffset, type Offset, type ReadLine } from "../../src/segments/index.ts";
import { busName } from "../bus-name.ts";
import { checkOffsets } from "../check-offsets.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { growingColumns } from "../growing-columns.ts";
import { archiveLineJson, archiveLineText, journalLineJson, journalLineText } from "../kept-line-text.ts";
import { loadOps } from "../load-ops.ts";
import { withArchive } from "../open-archive.ts";
import { count, texts } from "../option-values.ts";
import { type Place, place } from "../place.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** `bus tail`: what was published, or completed: the last of it, from any time or offset on, as it comes. */
export const tail = command({
  name: "tail",
  summary: "what was published (--journal: completed): the last of it, from a time or offset on, as it comes",
  details: [
    "Reads the archive: sealed spans, each line with its offset, then what is not sealed yet (open), each event once. Without",
    "--from it shows the last 20 events of the last 10 minutes. Lines appear some seconds after they are published: when the",
    "archiver has written them. Shows no event data unless asked (--body). With --json each event is one line of JSON, and the",
    'last line tells how many there were: {"lines": 20, …}.',
    "",
    "Examples:",
    "  bus tail --follow",
    "  bus tail shop --from 2h --type 'order.*' --body",
    "  bus tail --from 2026-11-27-01-00/0/1234 --limit 100 --json",
    "  bus tail --journal --consumer LockStock --state dead",
    "  bus tail --data .local --from 2026-11-27T10:00 --to 2026-11-27T10:05",
  ].join("\n"),
  arguments: { bus: { value: "[bus]", summary: "whose (default: the only one there is)", parse: busName } },
  options: {
    follow: { summary: "go on with what turns up, until Ctrl-C" },
    from: {
      value: "<place>",
      summary:
        'a time ("10m" ago, "2026-11-27T10:00", UTC unless told) or an offset ("2026-11-27-10-00/0/1234")',
      parse: (typed: string) => place(typed),
    },
    to: {
      value: "<place>",
      summary: "up to there, itself not included",
      parse: (typed: string) => place(typed),
    },
    limit: {
      value: "<count>",
      summary: "with --from the first so many, else the last so many (default: all, and 20)",
      parse: count,
    },
    type: wanted("event types"),
    topic: wanted("topics"),
    source: wanted("sources"),
    id: wanted("event ids"),
    subject: wanted("subjects"),
    correlation: wanted("correlation ids"),
    journal: { summary: "what consumers have completed, in place of what was published" },
    consumer: wanted("consumers (of the journal)"),
    state: wanted("done or dead (of the journal)"),
    body: { summary: "show each event's data below it" },
    data: { value: "<folder>", summary: "the data folder of a local cloud, running or not" },
    json: { summary: "print each event as one line of JSON, and how many there were as the last" },
  },
  run: async (terminal, { bus, data, journal, follow, from, to, limit, body, json, ...chosen }) => {
    const wish = wishOf(chosen, journal);
    const span = spanOf(from, to);
    if (follow && to !== undefined) throw new UsageError("--follow has no end: leave --to out");
    if (journal && body) throw new UsageError("--body: the journal has no event data; the archive has");
    const { lineMatcher, openBusArchive, tailLines } = await loadOps(
      () => import("../../ops/archive/index.ts"),
    );
    return withArchive(terminal, { bus, data }, async (open) => {
      const archive = await openBusArchive(open);
      const segments = journal ? archive.journal : archive.archive;
      await checkOffsets(
        segments,
        [span.from, span.to].map((one) => one && formatOffset(one)),
      );
      const options: TailOptions = {
        ...{ ...span, limit, follow, matches: lineMatcher(wish) },
        signal: terminal.showing,
      };
      const show = json ? showJson(terminal, journal, body) : showText(terminal, journal, body);
      let lines = 0;
      for await (const one of tailLines(segments, options)) {
        lines++;
        show(one);
      }
      if (json) terminal.printJson({ ...open.where, bus: open.bus, kind: segments.kind.name, lines });
      else if (lines === 0) {
        const where = from === undefined ? "in the last 10 minutes: give --from, as in --from 2h" : "there";
        terminal.say(`nothing that matches was ${journal ? "completed" : "published"} ${where}`);
      }
      return exitCodes.done;
    });
  },
});

function wanted(what: string) {
  return {
    value: "<text>",
    summary: `only these ${what}; several with commas; "order.*": all that begin so`,
    parse: texts,
  } as const;
}

type Chosen = {
  readonly [Name in "type" | "topic" | "source" | "id" | "subject" | "correlation" | "consumer" | "state"]:
    | readonly string[]
    | undefined;
};

/** What the filters ask for. Throws `UsageError` for one that the kind has no field for. */
function wishOf({ correlation, ...chosen }: Chosen, journal: boolean): WantedLines {
  const others = journal
    ? { topic: chosen.topic, subject: chosen.subject, correlation }
    : { consumer: chosen.consumer, state: chosen.state };
  for (const [name, given] of Object.entries(others)) {
    if (given === undefined) continue;
    throw new UsageError(
      journal
        ? `--${name}: the journal does not know it; leave --journal out`
        : `--${name}: only the journal knows it; give --journal`,
    );
  }
  return { ...chosen, correlationid: correlation };
}

interface Span {
  readonly from?: Offset;
  readonly to?: Offset;
  readonly fromMs?: number;
  readonly toMs?: number;
}

function spanOf(from: Place | undefined, to: Place | undefined): Span {
  if (to !== undefined && from === undefined) throw new UsageError("--to needs --from: where does it begin?");
  const span: Span = {
    ...(from === undefined ? {} : "offset" in from ? { from: from.offset } : { fromMs: from.timeMs }),
    ...(to === undefined ? {} : "offset" in to ? { to: to.offset } : { toMs: to.timeMs }),
  };
  if (span.fromMs !== undefined && span.toMs !== undefined && span.fromMs >= span.toMs) {
    throw new UsageError("--from is not before --to: there is nothing between them");
  }
  return span;
}

type Show = (read: ReadLine) => void;

function showJson(terminal: Pick<Terminal, "printJson">, journal: boolean, body: boolean): Show {
  return (read) => terminal.printJson(journal ? journalLineJson(read) : archiveLineJson(read, body));
}

function showText(terminal: Pick<Terminal, "print">, journal: boolean, body: boolean): Show {
  const align = growingColumns();
  return (read) => {
    const { cells, lines } = journal ? journalLineText(read) : archiveLineText(read);
    terminal.print([align(cells), ...(body ? lines.map((line) => `  │ ${line}`) : [])].join("\n"));
  };
}
