import type { CommandGroup } from "../command.ts";
import { dlqList } from "./dlq-list.ts";
import { dlqPurge } from "./dlq-purge.ts";
import { dlqRedrive } from "./dlq-redrive.ts";
import { dlqShow } from "./dlq-show.ts";

/** `bus dlq …`: what could not be handled or delivered: look at it, send it back, delete it. */
export const dlq: CommandGroup = {
  name: "dlq",
  summary: "dead letters: list them by what they died of, show them, send them back, delete them",
  commands: [dlqList, dlqShow, dlqRedrive, dlqPurge],
};
