import { isShadow } from "../../src/contract/index.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { withBucket } from "../open-archive.ts";
import { progressLine } from "../progress-line.ts";
import { comparisonText } from "../replay-text.ts";
import { UsageError } from "../usage-error.ts";
import { withReplays } from "../with-replays.ts";

/** `bus replay compare`: what a shadow replay's runs have come to, beside those that counted. */
export const replayCompare = command({
  name: "compare",
  summary: "what a shadow replay's runs have come to, beside the runs that counted",
  details: [
    "Ends with 0 when each has run and is the same, with 1 otherwise. Times are left out of what was emitted; what a handler writes by the",
    "clock, by chance, or by what it read, differs.",
  ].join("\n"),
  arguments: { id: { value: "<replay>", summary: "as bus replay status shows it" } },
  options: {
    bus: { value: "<name>", summary: "whose (default: the only one there is)", parse: busName },
    json: { summary: "print it as one line of JSON, the last on standard output" },
  },
  run: (terminal, { id, bus, json }) =>
    withReplays(terminal, bus, async ({ target, bus, store, replays }) => {
      const found = await store.find(id);
      if (!found)
        throw new UsageError(`there is no replay ${id} of bus ${bus}: bus replay status lists them`);
      if (!isShadow(id)) {
        throw new UsageError(
          `replay ${id} is no shadow replay: what it ran counts, and there is nothing to compare`,
        );
      }
      const { openBusArchive } = await import("../../ops/archive/index.ts");
      const { compareShadow } = await import("../../src/replay/index.ts");
      return withBucket(target, bus, async (objects) => {
        const { archive } = await openBusArchive({ bus, store: objects });
        const line = progressLine(terminal);
        const comparison = await compareShadow(found.job, {
          archive,
          ledger: replays.ledger(bus),
          signal: terminal.signal,
          onProgress: (compared) => line.show(`${compared} of ${found.job.selected} compared`),
        }).finally(() => line.end());
        terminal[json ? "say" : "print"](comparisonText(found.job, comparison));
        if (json) terminal.printJson({ target, replay: id, ...comparison });
        const { differs, failed, unknown, waiting } = comparison;
        const others = differs + failed + unknown + waiting;
        return others === 0 && !terminal.signal.aborted ? exitCodes.done : exitCodes.partial;
      });
    }),
});
