import type { CommandGroup } from "../command.ts";
import { delayedCancel } from "./delayed-cancel.ts";
import { delayedList } from "./delayed-list.ts";
import { delayedShow } from "./delayed-show.ts";

/** `bus delayed …`: events that are published later: which wait, and for what; keep one from being sent. */
export const delayed: CommandGroup = {
  name: "delayed",
  summary: "events that are published later: what waits beyond 15 minutes, one of them at length, cancel one",
  commands: [delayedList, delayedShow, delayedCancel],
};
