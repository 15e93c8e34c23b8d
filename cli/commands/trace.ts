import type { DelayedWorld } from "../../ops/delayed/index.ts";
import type { DelayedReader } from "../../ops/trace/index.ts";
import { systemClock } from "../../src/clock.ts";
import { describeError } from "../../src/errors.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withTrace } from "../open-trace.ts";
import { timeMs } from "../place.ts";
import { plainText } from "../plain-text.ts";
import type { Terminal } from "../terminal.ts";
import { traceText } from "../trace-text.ts";

/** How far back an id is looked for that does not tell its time. */
const dayMs = 86_400_000;

/** `bus trace`: what one event has set off, as a tree. */
export const trace = command({
  name: "trace",
  summary:
    "what one event has set off, as a tree: who handled it, when, what that emitted, what waits or died",
  details: [
    "Takes an event's id, or a correlation id: the same along a whole chain, it is the id of its first event unless told. Below",
    "each event stand its consumers, below each consumer what it emitted. Times are from the event's own time. Dead and then",
    "done is a redrive. Events are the archive's (some seconds behind), ends the journal's, and what stands now the ledger's;",
    "also what is not sealed yet. What is delayed by more than 15 minutes stands there with its time; for that each of the bus's",
    "schedules is read (--no-delayed leaves it out). A duplicate leaves no trace but in its consumer's log.",
    "",
    "Ids that Omnibus makes tell their time. For others the archive of the last day is read, or from --from on.",
    "",
    "Examples:",
    "  bus trace 019ad1f0-7a3e-7c4b-9a51-0c2f5a3b9e10",
    "  bus trace o-17 --bus shop --from 3d",
    "  bus trace o-17 --data .local --json",
  ].join("\n"),
  arguments: { id: { value: "<id>", summary: "an event's id, or a correlation id" } },
  options: {
    bus: { value: "<name>", summary: "whose (default: the only one there is)", parse: busName },
    from: {
      value: "<time>",
      summary: 'look from there on: "3d" ago, "2026-11-27T10:00" (UTC unless told)',
      parse: (typed: string) => timeMs(typed),
    },
    data: {
      value: "<folder>",
      summary: "the data folder of a local cloud, running or not; without its ledger",
    },
    "no-delayed": { summary: "do not look for what is delayed" },
    json: { summary: "print the tree as one line of JSON, the last on standard output" },
  },
  run: (terminal, { id, bus, from, data, "no-delayed": isBrief, json }) =>
    withTrace(terminal, { bus, data }, async ({ consumers, ledger, delays, ...open }) => {
      const { skewMs, timeOfId, traceChain } = await loadOps(() => import("../../ops/trace/index.ts"));
      const { openBusArchive } = await loadOps(() => import("../../ops/archive/index.ts"));
      const madeMs = timeOfId(id);
      const fromMs = from ?? (madeMs === undefined ? systemClock.nowMs() - dayMs : madeMs - skewMs);
      const archive = await openBusArchive(open);
      const delayed = readerOf(isBrief ? undefined : delays, terminal);
      const found = await traceChain({ archive, asked: id, fromMs, consumers, ledger, delayed });
      if (json)
        terminal.printJson({ ...open.where, bus: open.bus, asked: id, ...found, found: Boolean(found) });
      if (!found) {
        const since = new Date(fromMs).toISOString();
        terminal.say(
          `bus ${open.bus} has archived no event with the id or correlation id ${JSON.stringify(id)} since ${since}: give --from for an older one; what was published a moment ago is there in some seconds`,
        );
        return exitCodes.failed;
      }
      if (!json) terminal.print(plainText(traceText(found)));
      return exitCodes.done;
    }),
});

/** Reads a bus's schedules. Where that is not allowed it says so, and the rest is traced. */
function readerOf(delays: DelayedWorld | undefined, terminal: Pick<Terminal, "say">): DelayedReader {
  return async (isWanted) => {
    if (!delays) return [];
    const { listDelayed } = await loadOps(() => import("../../ops/delayed/index.ts"));
    try {
      return (await listDelayed(delays, { isWanted })).delayed;
    } catch (thrown) {
      terminal.say(`what is delayed could not be read, and is left out: ${describeError(thrown).message}`);
      return [];
    }
  };
}
