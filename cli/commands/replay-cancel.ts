import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";
import { withReplays } from "../with-replays.ts";

/** `bus replay cancel`: ends a replay for good, wherever it runs. */
export const replayCancel = command({
  name: "cancel",
  summary: "end a replay for good, wherever it runs: what is sent stays sent",
  arguments: { id: { value: "<replay>", summary: "as bus replay status shows it" } },
  options: {
    bus: { value: "<name>", summary: "whose (default: the only one there is)", parse: busName },
    json: { summary: "print it as one line of JSON" },
  },
  run: (terminal, { id, bus, json }) =>
    withReplays(terminal, bus, async ({ target, bus, store }) => {
      const { cancelReplay } = await import("../../src/replay/index.ts");
      if (!(await cancelReplay(store, id))) {
        throw new UsageError(
          `there is no replay ${id} of bus ${bus} that could be cancelled: bus replay status lists them`,
        );
      }
      terminal[json ? "say" : "print"](
        `replay ${id} is cancelled; whoever runs it stops within some seconds`,
      );
      if (json) terminal.printJson({ target, replay: id, state: "cancelled" });
      return exitCodes.done;
    }),
});
