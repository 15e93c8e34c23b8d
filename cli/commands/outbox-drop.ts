import { systemClock } from "../../src/clock.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { mendedText, standingText } from "../outbox-text.ts";
import { agreement } from "./dlq-agreement.ts";
import { checkChoice, onlyOne, outboxJson, withOutboxes } from "./outbox-words.ts";

/** `bus outbox drop`: what cannot be sent is removed for good. */
export const outboxDrop = command({
  name: "drop",
  summary: "remove events that cannot be sent for good; first shows them",
  details: [
    "A dead event is gone then. Of a parked key the event goes that it waits behind, and the key goes on with the next one. What only",
    "waits is left. Nothing brings them back: their transaction was committed, and nobody will hear of them.",
    "Asks first, or wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus outbox drop account-17",
    "  bus outbox drop order-17 --yes",
  ].join("\n"),
  arguments: { name: { value: "[name]", summary: "the event or the key, as bus outbox list shows it" } },
  options: {
    bus: { value: "<name>", summary: "whose outbox, where there are several" },
    all: { summary: "all that stands" },
    yes: { summary: "do it, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { name, bus, all, yes, json }) => {
    checkChoice({ name, all });
    return withOutboxes(terminal, bus, async (outboxes, target) => {
      const { dropStanding } = await loadOps(() => import("../../ops/outbox/index.ts"));
      const one = onlyOne(outboxes);
      const chosen = one.standing.filter((standing) => all || standing.name === name);
      const title = one.settings.table;
      const about = { target, ...outboxJson({ ...one, standing: chosen }) };
      if (chosen.length === 0) {
        terminal.say(
          all ? `${title}: nothing stands there` : `${title}: ${JSON.stringify(name)} does not stand there`,
        );
        if (json) terminal.printJson({ ...about, dryRun: true, mended: [] });
        return exitCodes.done;
      }
      const isAgreed = await agreement({
        ...{ terminal, target, yes, json },
        plan: `${title}\n${standingText(chosen, systemClock.nowMs())}`,
        question: `drop ${chosen.length} of ${title}?`,
        how: "--yes",
      });
      if (!isAgreed) {
        if (json) terminal.printJson({ ...about, dryRun: true, mended: [] });
        return exitCodes.done;
      }
      const mended = await dropStanding(one.store, chosen);
      if (json) terminal.printJson({ ...about, dryRun: false, mended });
      terminal[json ? "say" : "print"](`${title}\n${mendedText(mended)}`);
      const isDone = mended.every(({ status }) => status === "released" || status === "dropped");
      return isDone ? exitCodes.done : exitCodes.partial;
    });
  },
});
