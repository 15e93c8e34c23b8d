import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { fleetShown } from "../fleet-shown.ts";
import { withBucket } from "../open-archive.ts";
import { resultText } from "../replay-text.ts";
import { runShown } from "../run-shown.ts";
import { UsageError } from "../usage-error.ts";
import { withReplays } from "../with-replays.ts";
import { asReplayUsage } from "./replay-words.ts";

/** `bus replay resume`: goes on with a replay that was stopped or killed. */
export const replayResume = command({
  name: "resume",
  summary: "go on with a replay that was stopped or killed, from where it was",
  details: [
    "A replay whose process was killed is held by it for up to half a minute more; this waits for that. What was sent in its last two",
    "seconds is sent again, which the ledger sees. Of one that a fleet runs the functions are called again, and watched.",
  ].join("\n"),
  arguments: { id: { value: "<replay>", summary: "as bus replay status shows it" } },
  options: {
    bus: { value: "<name>", summary: "whose (default: the only one there is)", parse: busName },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { id, bus, json }) =>
    asReplayUsage(() =>
      withReplays(terminal, bus, async ({ target, cloud, bus, store, replays }) => {
        const { replayedConsumer, replayNow, untilFree } = await import("../../ops/replay/index.ts");
        const found = await replayNow(store, id);
        if (!found)
          throw new UsageError(`there is no replay ${id} of bus ${bus}: bus replay status lists them`);
        if (found.job.state === "done") {
          terminal.say(resultText(found.job));
          if (json) terminal.printJson({ target, replay: found.job });
          return exitCodes.done;
        }
        if (found.job.state === "cancelled") {
          throw new UsageError(`replay ${id} was cancelled: make a new one`);
        }
        if (found.job.fleet) {
          const callMember = replays.members(bus);
          return fleetShown(terminal, { job: found.job, store, callMember, json, about: { target } });
        }
        const { openBusArchive } = await import("../../ops/archive/index.ts");
        const consumer = await replayedConsumer(cloud.reads, await cloud.consumer(found.job.consumer, bus));
        await untilFree(found, { say: terminal.say, signal: terminal.signal });
        return withBucket(target, bus, async (objects) => {
          const { archive } = await openBusArchive({ bus, store: objects });
          const parts = replays.parts({ bus, archive, mode: consumer.settings.mode });
          return runShown(terminal, { id, parts, json, about: { target } });
        });
      }),
    ),
});
