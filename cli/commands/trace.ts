import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withTrace } from "../open-trace.ts";
import { timeMs } from "../place.ts";
import { plainText } from "../plain-text.ts";
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
    "also what is not sealed yet. A duplicate leaves no trace but in its consumer's log.",
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
    json: { summary: "print the tree as one line of JSON, the last on standard output" },
  },
  run: (terminal, { id, bus, from, data, json }) =>
    withTrace(terminal, { bus, data }, async ({ consumers, ledger, ...open }) => {
      const { skewMs, timeOfId, traceChain } = await loadOps(() => import("../../ops/trace/index.ts"));
      const { openBusArchive } = await loadOps(() => import("../../ops/archive/index.ts"));
      const madeMs = timeOfId(id);
      const fromMs = from ?? (madeMs === undefined ? systemClock.nowMs() - dayMs : madeMs - skewMs);
      const archive = await openBusArchive(open);
      const found = await traceChain({ archive, asked: id, fromMs, consumers, ledger });
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
