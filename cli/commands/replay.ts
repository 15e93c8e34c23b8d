import type { CommandGroup } from "../command.ts";
import { replayCancel } from "./replay-cancel.ts";
import { replayCompare } from "./replay-compare.ts";
import { replayResume } from "./replay-resume.ts";
import { replayStart } from "./replay-start.ts";
import { replayStatus } from "./replay-status.ts";

/** `bus replay …`: archived events, once more to one consumer. */
export const replay: CommandGroup = {
  name: "replay",
  summary:
    "send archived events to one consumer once more: from a time, an offset, ids or SQL on; go on, cancel",
  commands: [replayStart, replayStatus, replayResume, replayCancel, replayCompare],
  otherwise: "to",
};
