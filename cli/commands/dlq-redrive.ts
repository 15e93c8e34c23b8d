import { command } from "../command.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { count } from "../option-values.ts";
import { spanText } from "../span-text.ts";
import { UsageError } from "../usage-error.ts";
import { moveLetters } from "./dlq-move-letters.ts";
import { selectionOf, selectOptions } from "./dlq-words.ts";

/** `bus dlq redrive`: dead letters back to their consumer. */
export const dlqRedrive = command({
  name: "redrive",
  summary:
    "send dead letters back to their consumer's queue, so many a second; first shows what it would send",
  details: [
    "Body, attributes and group stay as they are. Each is deleted when SQS has taken it: killed at any moment, nothing is",
    "lost, and the same command goes on; at worst a few are sent twice, which the ledger sees. What is done already is not",
    "handled again. Asks before it sends, or wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus dlq redrive LockStock --group 3fa91c02",
    "  bus dlq redrive LockStock --since 2h --rate 200 --yes --json",
  ].join("\n"),
  arguments: { consumer: { value: "<consumer>", summary: "whose dead letters" } },
  options: {
    ...selectOptions,
    rate: {
      value: "<per-second>",
      summary: "how many are sent in a second: 0.1 to 1000",
      parse: perSecond,
      fallback: 50,
    },
    hold: {
      value: "<seconds>",
      summary: "how long messages stay hidden from others, should this command be killed",
      parse: count,
      fallback: 30,
    },
    yes: { summary: "send them, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { consumer, bus, json, rate, hold, yes, ...chosen }) =>
    withCloud(terminal, async (cloud) => {
      const selection = selectionOf(chosen);
      const { lookAtDeadLetters, redriveDeadLetters, redriveRates } = await loadOps(
        () => import("../../ops/dead-letters/index.ts"),
      );
      if (!(rate >= redriveRates.least && rate <= redriveRates.most)) {
        throw new UsageError(
          `--rate: ${rate} is not allowed: give ${redriveRates.least} to ${redriveRates.most} a second`,
        );
      }
      return moveLetters({
        terminal,
        cloud,
        consumer: await cloud.consumer(consumer, bus),
        selection,
        json,
        yes,
        how: "--yes",
        expected: "y",
        question: (selected, name) =>
          `send ${selected} back to ${name} at ${rate}/s, in ${spanText((selected / rate) * 1_000)}?`,
        done: "sent back",
        look: lookAtDeadLetters,
        move: (query) => redriveDeadLetters({ ...query, perSecond: rate, holdSeconds: hold }),
      });
    }),
});

/** `50` or `50/s`. */
function perSecond(typed: string): number {
  const value = /^(\d{1,6}(?:\.\d{1,3})?)(?:\/s)?$/.exec(typed)?.[1];
  if (value !== undefined) return Number(value);
  throw new UsageError(`${JSON.stringify(typed)} is no rate: give messages a second, as in "50" or "0.5"`);
}
