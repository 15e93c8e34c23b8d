import { systemClock } from "../../src/clock.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { mendedText, standingText } from "../outbox-text.ts";
import type { Terminal } from "../terminal.ts";
import { agreement } from "./dlq-agreement.ts";
import { checkChoice, onlyOne, outboxJson, withOutboxes } from "./outbox-words.ts";

/** What people chose, and how they want it told. */
export interface MendWords {
  readonly name: string | undefined;
  readonly bus: string | undefined;
  readonly all: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

type OneOutbox = ReturnType<typeof onlyOne>;
type Mended = Parameters<typeof mendedText>[0];

/** Shows what was chosen of what stands in the one outbox, asks, and mends it. `verb` is what is asked for. */
export function mendStanding(
  terminal: Terminal,
  { name, bus, all, yes, json }: MendWords,
  verb: "release" | "drop",
  mend: (store: OneOutbox["store"], chosen: OneOutbox["standing"]) => Promise<Mended>,
): Promise<ExitCode> {
  checkChoice({ name, all });
  return withOutboxes(terminal, bus, async (outboxes, target) => {
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
      question: `${verb} ${chosen.length} of ${title}?`,
      how: "--yes",
    });
    if (!isAgreed) {
      if (json) terminal.printJson({ ...about, dryRun: true, mended: [] });
      return exitCodes.done;
    }
    const mended = await mend(one.store, chosen);
    if (json) terminal.printJson({ ...about, dryRun: false, mended });
    terminal[json ? "say" : "print"](`${title}\n${mendedText(mended)}`);
    const isDone = mended.every(({ status }) => status === "released" || status === "dropped");
    return isDone ? exitCodes.done : exitCodes.partial;
  });
}
