import type { CommandGroup } from "../command.ts";
import { outboxDrop } from "./outbox-drop.ts";
import { outboxList } from "./outbox-list.ts";
import { outboxRelease } from "./outbox-release.ts";

/** `bus outbox …`: events that were written and do not go out: look at them, let them go on, remove them. */
export const outbox: CommandGroup = {
  name: "outbox",
  summary: "events that stand in an outbox: list them with their reasons, have them sent again, remove them",
  commands: [outboxList, outboxRelease, outboxDrop],
};
