import { command } from "../command.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { UsageError } from "../usage-error.ts";
import { moveLetters } from "./dlq-move-letters.ts";
import { selectionOf, selectOptions } from "./dlq-words.ts";

/** `bus dlq purge`: dead letters deleted for good. */
export const dlqPurge = command({
  name: "purge",
  summary:
    "delete dead letters for good, when the consumer's name is typed; first shows what it would delete",
  details: [
    "What is deleted is gone: the archive, where there is one, still has the event. Asks for the consumer's name, or wants",
    "--confirm NAME; without AWS_ENDPOINT_URL, in the real cloud, it wants --confirm NAME and --yes. What dies meanwhile stays.",
    "",
    "Examples:",
    "  bus dlq purge LockStock --group 3fa91c02",
    "  bus dlq purge LockStock --until 7d --confirm LockStock",
  ].join("\n"),
  arguments: { consumer: { value: "<consumer>", summary: "whose dead letters" } },
  options: {
    ...selectOptions,
    confirm: { value: "<name>", summary: "the consumer's name once more: delete them, without asking" },
    yes: { summary: "delete them in the real cloud, too" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { consumer, bus, json, confirm, yes, ...chosen }) =>
    withCloud(terminal, async (cloud) => {
      const selection = selectionOf(chosen);
      const { lookAtDeadLetters, purgeDeadLetters } = await loadOps(
        () => import("../../ops/dead-letters/index.ts"),
      );
      const ref = await cloud.consumer(consumer, bus);
      if (confirm !== undefined && confirm !== ref.consumer) {
        throw new UsageError(
          `--confirm: ${JSON.stringify(confirm)} is not the consumer's name, ${JSON.stringify(ref.consumer)}: nothing was deleted`,
        );
      }
      const { isRealCloud } = cloud.target;
      return moveLetters({
        terminal,
        cloud,
        consumer: ref,
        selection,
        json,
        yes: confirm !== undefined && (yes || !isRealCloud),
        how: `--confirm ${ref.consumer}${isRealCloud ? " --yes" : ""}`,
        expected: ref.consumer,
        question: (selected, name) => `delete ${selected} of ${name} for good?`,
        done: "deleted",
        look: lookAtDeadLetters,
        move: purgeDeadLetters,
      });
    }),
});
