import type { FoundDelay } from "../../ops/delayed/index.ts";
import { systemClock } from "../../src/clock.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { cancelledText, delayedText } from "../delayed-text.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { onlyBus, readDelayed, withDelays } from "./delayed-words.ts";
import { agreement } from "./dlq-agreement.ts";

/** `bus delayed cancel`: an event is not sent, unless it was already. */
export const delayedCancel = command({
  name: "cancel",
  summary: "keep a delayed event from being sent, for good; says when it was too late",
  details: [
    "By one write that its sending has to ask for: the first of the two stands, and it is said which that was (exit code 3: it was sent).",
    "May be given again. An id is looked for among what waits for longer than 15 minutes; with --source it is taken as it is, also for what is",
    "due sooner, and for what is not published yet. It holds for fourteen months.",
    "Asks first, or wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus delayed cancel 019ad1f0-7a3e-7c4b-9a51-0c2f5a3b9e10",
    "  bus delayed cancel reminder-17 --source /shop/reminders --yes --json",
  ].join("\n"),
  arguments: { id: { value: "<id>", summary: "the event's id" } },
  options: {
    bus: { value: "<name>", summary: "whose, where several buses delay", parse: busName },
    source: { value: "<source>", summary: "who published it (default: as its schedule says)" },
    yes: { summary: "do it, without asking" },
    json: { summary: "print what became of it as one line of JSON, the last on standard output" },
  },
  run: (terminal, { id, bus, source, yes, json }) =>
    withDelays(terminal, bus, async (buses, target) => {
      const { cancelDelayed } = await loadOps(() => import("../../ops/delayed/index.ts"));
      const one = onlyBus(buses);
      const event = await eventOf(terminal, one, { id, source });
      const about = { target, bus: one.bus, id, source: event.source };
      const isAgreed = await agreement({
        ...{ terminal, target, yes, json },
        plan: event.text,
        question: `cancel ${id} of ${one.bus}?`,
        how: "--yes",
      });
      if (!isAgreed) {
        if (json) terminal.printJson({ ...about, dryRun: true });
        return exitCodes.done;
      }
      const cancelled = await cancelDelayed({ ...one, clock: systemClock }, { id, source: event.source });
      if (json) terminal.printJson({ ...about, dryRun: false, ...cancelled });
      terminal[json ? "say" : "print"](cancelledText(id, cancelled));
      return cancelled.state === "cancelled" ? exitCodes.done : exitCodes.failed;
    }),
});

/** Whose event it is, and what is known of it. Throws `UsageError` where that cannot be told. */
async function eventOf(
  terminal: Terminal,
  bus: FoundDelay,
  { id, source }: { readonly id: string; readonly source: string | undefined },
): Promise<{ readonly source: string; readonly text: string }> {
  if (source !== undefined) return { source, text: `${bus.bus}: ${id} of ${source}` };
  const { delayed } = await readDelayed(terminal, bus, (message) => message.id === id);
  const [one, ...more] = delayed;
  if (one === undefined) {
    throw new UsageError(
      `no schedule of bus ${bus.bus} waits for an event ${JSON.stringify(id)}: it was sent, or was cancelled, or is due within 15 minutes; give --source to cancel it all the same`,
    );
  }
  if (more.length > 0) {
    const sources = delayed.map((look) => look.source).join(", ");
    throw new UsageError(
      `events of several sources have the id ${JSON.stringify(id)} (${sources}): give --source`,
    );
  }
  return {
    source: one.source,
    text: `${bus.bus}\n${delayedText({ delayed, unreadable: [] }, systemClock.nowMs())}`,
  };
}
