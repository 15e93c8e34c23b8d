import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { standingText } from "../outbox-text.ts";
import { outboxJson, withOutboxes } from "./outbox-words.ts";

/** `bus outbox list`: what stands in an outbox. */
export const outboxList = command({
  name: "list",
  summary: "what stands in an outbox: events that cannot be sent, keys that are parked or wait, old rows",
  details: [
    "dead: it cannot be sent as it is, and keeps nobody waiting. parked: its key waits behind it. gap: a key waits for a sequence",
    "that is missing. waits: it is old, and the next sweep comes for it. Of rows that only wait, at most 100 a shard are told.",
    "",
    "Examples:",
    "  bus outbox list",
    "  bus outbox list --bus shop --json",
  ].join("\n"),
  options: {
    bus: { value: "<name>", summary: "the outbox of one bus", parse: busName },
    json: { summary: "print what was found as one line of JSON, the last on standard output" },
  },
  run: (terminal, { bus, json }) =>
    withOutboxes(terminal, bus, async (outboxes, target) => {
      if (json) terminal.printJson({ target, outboxes: outboxes.map(outboxJson) });
      for (const { settings, standing } of json ? [] : outboxes) {
        if (standing.length === 0) terminal.print(`${settings.bus}: nothing stands in ${settings.table}`);
        else
          terminal.print(
            `${settings.bus}: ${settings.table}\n${standingText(standing, systemClock.nowMs())}`,
          );
      }
      return exitCodes.done;
    }),
});
