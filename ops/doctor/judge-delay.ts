import type { BusFacts } from "./facts.ts";
import { type Finding, fail, ok, redeployBus, unseen, warn } from "./finding.ts";

/** Where delayed events wait: the queue is there, and nothing of it has died. A bus without a delayer delays nothing. */
export function judgeDelay(bus: string, { jobs, delay }: NonNullable<BusFacts["own"]>): readonly Finding[] {
  const delayer = jobs.find(({ job }) => job === "delayer")?.function;
  if (!delayer || "missing" in delayer) return [];
  const { queue, deadLetters } = delay;
  if ("denied" in queue) return [unseen("delay", `queue of delayed events of bus ${bus}`, queue.denied)];
  if ("missing" in queue) {
    const text = `bus ${bus}: the queue of its delayed events is gone: none is taken, and those in schedules find no way back`;
    return [fail("delay", text, redeployBus)];
  }
  const { name, waiting, inFlight } = queue.found;
  const text = `${name}: ${waiting} waiting, ${inFlight} in flight`;
  return [ok("delay", text), ...judgeDead(bus, deadLetters)];
}

function judgeDead(
  bus: string,
  deadLetters: NonNullable<BusFacts["own"]>["delay"]["deadLetters"],
): readonly Finding[] {
  if ("denied" in deadLetters) {
    return [unseen("delay", `dead letters of delayed events of bus ${bus}`, deadLetters.denied)];
  }
  if ("missing" in deadLetters) {
    const text = `bus ${bus}: the dead-letter queue of its delayed events is gone: what cannot be passed on is lost`;
    return [fail("delay", text, redeployBus)];
  }
  const { name, waiting, inFlight } = deadLetters.found;
  if (waiting + inFlight === 0) return [];
  return [
    warn(
      "delay",
      `${name}: ${waiting + inFlight} delayed events could not be passed on, and are not published`,
      `read ${bus}-delayer's log, then send them back (aws sqs start-message-move-task)`,
    ),
  ];
}
