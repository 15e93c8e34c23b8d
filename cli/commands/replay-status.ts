import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { replaysText, resultText, stateText } from "../replay-text.ts";
import { UsageError } from "../usage-error.ts";
import { withReplays } from "../with-replays.ts";

/** `bus replay status`: which replays there are, and how far they are. */
export const replayStatus = command({
  name: "status",
  summary: "which replays there are, and how far each is",
  arguments: { id: { value: "[replay]", summary: "only this one, with what went wrong" } },
  options: {
    bus: { value: "<name>", summary: "whose (default: the only one there is)", parse: busName },
    json: { summary: "print them as one line of JSON" },
  },
  run: (terminal, { id, bus, json }) =>
    withReplays(terminal, bus, async ({ target, bus, store }) => {
      const { replayNow, replaysNow } = await import("../../ops/replay/index.ts");
      const one = id === undefined ? undefined : await replayNow(store, id);
      const found = id === undefined ? await replaysNow(store) : one ? [one] : [];
      if (id !== undefined && found.length === 0) {
        throw new UsageError(`there is no replay ${id} of bus ${bus}: bus replay status lists them`);
      }
      const nowMs = systemClock.nowMs();
      if (json) {
        const replays = found.map(({ job, heldUntilMs }) => ({
          ...job,
          state: stateText(job, heldUntilMs > nowMs),
        }));
        terminal.printJson({ target, bus, replays });
        return exitCodes.done;
      }
      if (found.length === 0) terminal.say(`bus ${bus} has no replays`);
      else terminal.print(replaysText(found, nowMs));
      if (id !== undefined) for (const { job } of found) terminal.print(resultText(job));
      return exitCodes.done;
    }),
});
