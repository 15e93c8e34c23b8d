import { systemClock } from "../../src/clock.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { mendedText, standingText } from "../outbox-text.ts";
import { agreement } from "./dlq-agreement.ts";
import { checkChoice, onlyOne, outboxJson, withOutboxes } from "./outbox-words.ts";

/** `bus outbox release`: what stands in an outbox goes on. */
export const outboxRelease = command({
  name: "release",
  summary: "have what stands in an outbox sent again; first shows it",
  details: [
    "The dead wait again; a parked key is tried again from the event that it waits behind. The relay's next sweep sends them, within a",
    "minute. A key that waits for a missing sequence goes on without it with --skip-missing alone.",
    "Asks first, or wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus outbox release account-17",
    "  bus outbox release --all --yes --json",
  ].join("\n"),
  arguments: { name: { value: "[name]", summary: "the event or the key, as bus outbox list shows it" } },
  options: {
    bus: { value: "<name>", summary: "whose outbox, where there are several" },
    all: { summary: "all that stands" },
    "skip-missing": { summary: "let keys go on that wait for a sequence which is not there" },
    yes: { summary: "do it, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { name, bus, all, "skip-missing": skipMissing, yes, json }) => {
    checkChoice({ name, all });
    return withOutboxes(terminal, bus, async (outboxes, target) => {
      const { releaseStanding } = await loadOps(() => import("../../ops/outbox/index.ts"));
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
        question: `release ${chosen.length} of ${title}?`,
        how: "--yes",
      });
      if (!isAgreed) {
        if (json) terminal.printJson({ ...about, dryRun: true, mended: [] });
        return exitCodes.done;
      }
      const mended = await releaseStanding(one.store, chosen, { skipMissing });
      if (json) terminal.printJson({ ...about, dryRun: false, mended });
      terminal[json ? "say" : "print"](`${title}\n${mendedText(mended)}`);
      const isDone = mended.every(({ status }) => status === "released" || status === "dropped");
      return isDone ? exitCodes.done : exitCodes.partial;
    });
  },
});
