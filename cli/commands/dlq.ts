import type { CommandGroup } from "../command.ts";
import { dlqList } from "./dlq-list.ts";
import { dlqPurge } from "./dlq-purge.ts";
import { dlqRedrive } from "./dlq-redrive.ts";
import { dlqRelease } from "./dlq-release.ts";
import { dlqShow } from "./dlq-show.ts";

/** `bus dlq …`: what could not be handled or delivered: look at it, send it back, delete it. */
export const dlq: CommandGroup = {
  name: "dlq",
  summary:
    "dead letters: list them by what they died of, show them, send them back, release what waits, delete them",
  commands: [dlqList, dlqShow, dlqRedrive, dlqRelease, dlqPurge],
};
