import type { LetterLook } from "../../ops/dead-letters/index.ts";
import type { ParkedList } from "../../ops/parked/index.ts";
import { systemClock } from "../../src/clock.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { groupsText, lookText } from "../letters-text.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { parkedText } from "../parked-text.ts";
import { selectionOf, selectOptions } from "./dlq-words.ts";

/** Consumers that are looked at side by side. */
const atOnce = 8;

/** `bus dlq list`: dead letters in groups. */
export const dlqList = command({
  name: "list",
  summary: "dead letters in groups: what died of the same thing, how many, since when",
  details: [
    "Looks into the queues of what could not be handled and of what SNS could not deliver, and hands every message back.",
    "A group is an event type, a reason and an error message without its ids, numbers and quoted values. Of ordered consumers",
    "also the groups that wait behind a dead event (bus dlq release).",
    "",
    "Examples:",
    "  bus dlq list",
    "  bus dlq list LockStock --since 2h --json",
  ].join("\n"),
  arguments: { consumer: { value: "[consumer]", summary: "one consumer (default: every one)" } },
  options: {
    ...selectOptions,
    json: { summary: "print what was found as one line of JSON, the last on standard output" },
  },
  run: (terminal, { consumer, bus, json, ...chosen }) =>
    withCloud(terminal, async (cloud) => {
      const selection = selectionOf(chosen);
      const { lookAtDeadLetters } = await loadOps(() => import("../../ops/dead-letters/index.ts"));
      const { listParked } = await loadOps(() => import("../../ops/parked/index.ts"));
      const asked =
        consumer === undefined ? await cloud.consumers(bus) : [await cloud.consumer(consumer, bus)];
      const found: (LetterLook & {
        readonly bus: string;
        readonly consumer: string;
        readonly parked: ParkedList;
      })[] = [];
      for (let start = 0; start < asked.length && !terminal.signal.aborted; start += atOnce) {
        const some = asked.slice(start, start + atOnce);
        const looks = await Promise.all(
          some.map((one) =>
            lookAtDeadLetters({
              client: cloud.sqs,
              consumer: one,
              selection,
              waitSeconds: cloud.waitSeconds,
              signal: terminal.signal,
            }),
          ),
        );
        const lines = await Promise.all(some.map((one) => listParked(cloud.parked(one.bus), one)));
        some.forEach(({ bus, consumer }, index) => {
          const [look, parked] = [looks[index], lines[index]];
          if (look === undefined || parked === undefined) return;
          found.push({ bus, consumer, ...look, parked });
          if (json) return;
          terminal.print(lookText(`${bus}-${consumer}`, look));
          if (look.selected > 0) terminal.print(`${groupsText(look.groups, systemClock.nowMs())}\n`);
          const waiting = parkedText(`${bus}-${consumer}`, parked, systemClock.nowMs());
          if (waiting !== undefined) terminal.print(`${waiting}\n`);
        });
      }
      if (json) terminal.printJson({ target: cloud.target, consumers: found });
      else if (asked.length === 0) terminal.say("there is no consumer here");
      return exitCodes.done;
    }),
});
