import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { delayedLookText } from "../delayed-text.ts";
import { exitCodes } from "../exit-codes.ts";
import { delayedJson, readDelayed, withDelays } from "./delayed-words.ts";

/** `bus delayed show`: an event that waits, with all that it is sent with. */
export const delayedShow = command({
  name: "show",
  summary: "one event that waits for longer than 15 minutes: when due, where to, attributes and body",
  details: [
    "Prints event data. Control characters are taken out; with --json they are escaped, and the message is as it will be sent.",
    "",
    "Examples:",
    "  bus delayed show 019ad1f0-7a3e-7c4b-9a51-0c2f5a3b9e10",
    "  bus delayed show reminder-17 --bus shop --json",
  ].join("\n"),
  arguments: { id: { value: "<id>", summary: "the event's id, as bus delayed list shows it" } },
  options: {
    bus: { value: "<name>", summary: "one bus (default: every one that delays)", parse: busName },
    json: { summary: "print it as one line of JSON, the last on standard output" },
  },
  run: (terminal, { id, bus, json }) =>
    withDelays(terminal, bus, async (buses, target) => {
      const found = [];
      for (const one of buses) {
        const { delayed } = await readDelayed(terminal, one, (message) => message.id === id);
        found.push(...delayed.map((look) => ({ bus: one.bus, look })));
      }
      if (json) {
        const events = found.map(({ bus: of, look }) => ({
          ...{ bus: of, ...delayedJson(look) },
          message: look.message,
        }));
        terminal.printJson({ target, events });
      } else for (const { look } of found) terminal.print(delayedLookText(look, systemClock.nowMs()));
      if (found.length > 0) return exitCodes.done;
      terminal.say(
        `no schedule waits for an event ${JSON.stringify(id)}: it was sent, or cancelled, or is due within 15 minutes`,
      );
      return exitCodes.failed;
    }),
});
