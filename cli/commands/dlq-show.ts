import type { DeadLetter } from "../../ops/dead-letters/index.ts";
import { systemClock } from "../../src/clock.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { letterJson, letterText, lookText } from "../letters-text.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { count } from "../option-values.ts";
import { parkedText } from "../parked-text.ts";
import { selectionOf, selectOptions } from "./dlq-words.ts";

/** `bus dlq show`: dead letters with all that they carry. */
export const dlqShow = command({
  name: "show",
  summary: "dead letters one by one: reason, error, attempts, attributes and body",
  details: [
    "Prints event data. Control characters are taken out; with --json they are escaped, and the body is as it came.",
    "",
    "Examples:",
    "  bus dlq show LockStock --group 3fa91c02 --limit 1",
    "  bus dlq show LockStock --id o-17 --json",
  ].join("\n"),
  arguments: { consumer: { value: "<consumer>", summary: "whose dead letters" } },
  options: {
    ...selectOptions,
    limit: { value: "<count>", summary: "how many are shown at most", parse: count, fallback: 10 },
    json: { summary: "print them as one line of JSON, the last on standard output" },
  },
  run: (terminal, { consumer, bus, json, limit, ...chosen }) =>
    withCloud(terminal, async (cloud) => {
      const selection = selectionOf(chosen);
      const { lookAtDeadLetters, tellAttempts } = await loadOps(
        () => import("../../ops/dead-letters/index.ts"),
      );
      const { listParked } = await loadOps(() => import("../../ops/parked/index.ts"));
      const ref = await cloud.consumer(consumer, bus);
      const shown: DeadLetter[] = [];
      const look = await lookAtDeadLetters({
        client: cloud.sqs,
        consumer: ref,
        selection,
        waitSeconds: cloud.waitSeconds,
        signal: terminal.signal,
        see: (letter) => {
          if (shown.length < limit) shown.push(letter);
        },
      });
      const { letters, problem } = await tellAttempts(shown, {
        consumer: ref.consumer,
        ledger: cloud.ledger(ref.bus),
      });
      const parked = await listParked(cloud.parked(ref.bus), ref);
      terminal.say(lookText(`${ref.bus}-${ref.consumer}`, look));
      if (problem !== undefined) terminal.say(`  the ledger cannot tell of attempts: ${problem}`);
      if (json) {
        const { selected, unseen } = look;
        terminal.printJson({
          target: cloud.target,
          selected,
          unseen,
          letters: letters.map(letterJson),
          parked,
        });
        return exitCodes.done;
      }
      for (const letter of letters) terminal.print(letterText(letter, systemClock.nowMs()));
      const waiting = parkedText(`${ref.bus}-${ref.consumer}`, parked, systemClock.nowMs());
      if (waiting !== undefined) terminal.say(waiting);
      if (look.selected > letters.length) {
        terminal.say(`${look.selected - letters.length} more: give --limit, or choose fewer`);
      }
      return exitCodes.done;
    }),
});
