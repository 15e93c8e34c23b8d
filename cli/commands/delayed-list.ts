import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { delayedText, queuedText } from "../delayed-text.ts";
import { exitCodes } from "../exit-codes.ts";
import { delayedJson, readDelayed, withDelays } from "./delayed-words.ts";

/** `bus delayed list`: which events wait, and until when. */
export const delayedList = command({
  name: "list",
  summary: "events that wait for longer than 15 minutes: when due, type, id; and how many are due sooner",
  details: [
    "Beyond 15 minutes each event waits in a schedule of its own, which is read: two calls for each. What is due sooner waits in a queue,",
    "which can be counted and not be looked into. A cancelled event's schedule may stand until its time. Without data.",
    "",
    "Examples:",
    "  bus delayed list",
    "  bus delayed list --bus shop --json",
  ].join("\n"),
  options: {
    bus: { value: "<name>", summary: "one bus (default: every one that delays)", parse: busName },
    json: { summary: "print what was found as one line of JSON, the last on standard output" },
  },
  run: (terminal, { bus, json }) =>
    withDelays(terminal, bus, async (buses, target) => {
      const told = [];
      for (const one of buses) {
        const [list, queued] = await Promise.all([readDelayed(terminal, one), one.queued()]);
        const { delayed, unreadable } = list;
        told.push({ bus: one.bus, queued, scheduled: delayed.map(delayedJson), unreadable });
        if (json) continue;
        const isEmpty = delayed.length + unreadable.length === 0;
        terminal.print(
          isEmpty
            ? `${one.bus}: nothing waits for longer than 15 minutes`
            : `${one.bus}: ${delayed.length} in schedules\n${delayedText(list, systemClock.nowMs())}`,
        );
        terminal.print(queuedText(one.bus, queued));
      }
      if (json) terminal.printJson({ target, buses: told });
      return exitCodes.done;
    }),
});
